import { Unbuildable } from '../../base/check.ts';
import { duration, money, real, share, variant } from '../../base/parameters.ts';
import { PPM } from '../../base/units.ts';
import { moneyFromQuote, quoteFromMoney } from '../contract.ts';
import { power } from '../oracle-pool.ts';
import type { Trading, TradingParts } from './trading.ts';

/**
 * A pool of liquidity providers that trades at the mark, which stands for the oracle: GMX V2 by default, V1 with `impactWorsening: 0`,
 * `impactImproving: 0`, both fees 0.1 % and the borrow rate alone. Trades do not move the price; they move the price impact
 * of the next ones. Nobody can rest an order, and the fees of the contract (maker, taker) do not apply.
 *
 * Defaults of the impact are those of BTC on Arbitrum in 2026 (exponent 2, 9e-11 and 3e-11); the caps of −0.5 % and +0.4 % are
 * taken for openings and closings alike, where the venue caps losses on closing only and lets the trader claim the rest
 * later (unverified). The share of fees that stays with the pool is V2's 63 %; V1's is 70 % (unverified).
 */
export const oraclePool = variant({
  name: 'oracle-pool',
  about:
    'A pool of liquidity providers takes the other side of every trade at the mark, with price impact by skew.',
  source:
    'gmx-io/gmx-synthetics a5c0c883, 2026-03-13: contracts/pricing, contracts/market, contracts/adl, config/markets.ts; gmx-io/gmx-contracts fe55c4ba, Vault.sol',
  parameters: {
    deposit: money({ default: '100M', min: 1, about: 'what the providers put in, at the starting price' }),
    assetShare: share({
      default: '50%',
      min: 0,
      max: 1,
      about:
        'part of it in the asset itself, which backs the longs; the rest is cash, which backs the shorts',
    }),
    impactExponent: real({ default: 2, min: 1, max: 4, about: 'power of the skew in the price impact' }),
    impactWorsening: real({
      default: 9e-11,
      min: 0,
      about: 'price impact per unit of skew to that power, for trades that enlarge the skew',
    }),
    impactImproving: real({
      default: 3e-11,
      min: 0,
      about: 'the same for trades that reduce it; never more than impactWorsening',
    }),
    impactCap: share({ default: '0.5%', min: 0, max: 1, about: 'largest impact against the trader' }),
    impactRebateCap: share({ default: '0.4%', min: 0, max: 1, about: 'largest impact for the trader' }),
    feeWorsening: share({
      default: '0.06%',
      min: 0,
      max: '10%',
      about: 'fee on trades that enlarge the skew',
    }),
    feeImproving: share({ default: '0.04%', min: 0, max: '10%', about: 'fee on trades that reduce it' }),
    feeToPool: share({ default: '63%', min: 0, max: 1, about: 'part of all fees that the providers keep' }),
    keeperFee: money({
      default: 0,
      about:
        'what the pool pays for the report of an account whose collateral it keeps (V1: 5, unverified; V2: nothing)',
    }),
    borrowRate: share({
      default: '0.01%',
      min: 0,
      about: 'borrow fee per interval on a position, at full utilisation of what backs its side',
    }),
    borrowEvery: duration({ default: '1h', min: '1s', about: 'time between two borrow fees' }),
    optimalUtilisation: share({
      default: '100%',
      above: 0,
      max: 1,
      about: 'utilisation from which the borrow fee rises faster; 100 % for never',
    }),
    borrowRateAbove: share({
      default: '0.01%',
      min: 0,
      about: 'borrow fee at full utilisation where it rises faster',
    }),
    maxOpenInterest: money({
      default: '95M',
      min: 0,
      about: 'largest open interest of a side; stops new positions',
    }),
    reserveFactor: share({
      default: '200%',
      min: 0,
      about: 'largest reserve of a side over what backs it; stops new positions',
    }),
    adlAbove: share({
      default: '85%',
      above: 0,
      about: 'pending profit of a side over what backs it from which profitable positions are closed',
    }),
    adlDownTo: share({ default: '77%', min: 0, about: 'level below which these closings may not take it' }),
    adlLatency: duration({ default: '1s', about: 'from the mark that exceeds the level to the closings' }),
    profitCap: share({
      default: '90%',
      above: 0,
      max: 1,
      about: 'profits are paid up to this share of what backs their side',
    }),
    maxAge: duration({
      default: '5m',
      min: '1ms',
      about: 'age of the newest index source from which nothing trades',
    }),
  },
  create: (p, { contract }: TradingParts): Trading => {
    const rate = (fee: number): number => Math.round(fee * PPM);
    if (contract.isInverse) throw new Unbuildable(at('venue'), 'order-book for an inverse contract');
    if (p.impactImproving > p.impactWorsening)
      throw new Unbuildable(at('impactImproving'), 'at most impactWorsening, or round trips would pay');
    if (p.adlDownTo > p.adlAbove) throw new Unbuildable(at('adlDownTo'), 'at most adlAbove');
    // Quote currency per quote currency to the exponent → money per money to the exponent.
    const perMoney = power(quoteFromMoney(contract, 1), p.impactExponent - 1);
    return {
      pool: {
        deposit: moneyFromQuote(contract, p.deposit),
        assetShare: p.assetShare,
        impact: {
          exponent: p.impactExponent,
          improving: p.impactImproving * perMoney,
          worsening: p.impactWorsening * perMoney,
          capImproving: p.impactRebateCap,
          capWorsening: p.impactCap,
        },
        borrow: {
          rate: p.borrowRate,
          optimalUtilisation: p.optimalUtilisation,
          rateAboveOptimal: p.borrowRateAbove,
          every: p.borrowEvery,
        },
        fee: {
          improving: rate(p.feeImproving),
          worsening: rate(p.feeWorsening),
          toPool: p.feeToPool,
        },
        keeperFee: moneyFromQuote(contract, p.keeperFee),
        maxOpenInterest: moneyFromQuote(contract, p.maxOpenInterest),
        reserveFactor: p.reserveFactor,
        deleverage: { above: p.adlAbove, downTo: p.adlDownTo, latency: p.adlLatency },
        profitCap: p.profitCap,
        maxAge: p.maxAge,
      },
    };
  },
});

function at(parameter: string): string[] {
  return ['exchange', 'trading', parameter];
}

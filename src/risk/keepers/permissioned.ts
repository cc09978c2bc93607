import { choice, count, money, variant } from '../../base/parameters.ts';
import { moneyFromQuote } from '../../market/contract.ts';
import { Crew, CREW_PARAMETERS } from './crew.ts';
import type { KeeperParts, Keepers } from './keepers.ts';

/**
 * Accounts on a whitelist: nobody races them, so the one who comes first in a block with room acts, for a fixed reward or none. Latency
 * stands for the keeper's loop and the oracle's round.
 * Assumes keepers who act whatever it brings them, outages that are independent (those of an oracle or a chain hit all: use the shock
 * `keeper-outage`), and that a transaction sent is never lost. Latency and outages are assumptions: venues publish neither.
 */
export const permissioned = variant({
  name: 'permissioned',
  about: 'Whitelisted keepers: late, sometimes out, with little room in a block, for a fixed reward.',
  source:
    'GMX V1 (PositionManager, inPrivateLiquidationMode) and V2 (LIQUIDATION_KEEPER role): whitelisted; V1 pays its liquidationFeeUsd of 5 USD out of the pool (unverified; deploy scripts say 2), V2 refunds gas only',
  parameters: {
    count: count({ default: 1, min: 1, max: 1000, about: 'number of keepers' }),
    ...CREW_PARAMETERS,
    reward: money({
      default: 0,
      about: 'for each step; a pool also pays its own fee for the report of an account it takes over',
    }),
    paidBy: choice(['account', 'fund'], {
      default: 'fund',
      about:
        'who pays it: the account, as far as its equity lasts, or the fund (the pool, where there is one)',
    }),
  },
  create({ reward, paidBy, ...settings }, { contract, random }: KeeperParts): Keepers {
    const crew = new Crew(settings, random);
    const owed = moneyFromQuote(contract, reward);
    return {
      claim: (claim) => crew.answer(claim, () => 0),
      reward: () => owed,
      rewardFrom: paidBy,
      fail: (share, until) => crew.fail(share, until),
    };
  },
});

import type { MarginTable } from '../../accounts/margin-table.ts';
import { bankruptcyPrice, isDistressed } from '../../accounts/margin.ts';
import { PPM } from '../../base/units.ts';
import type { Side } from '../../base/units.ts';
import { valueOf } from '../../market/contract.ts';
import type { ContractKind } from '../../market/contract.ts';
import { catalogue } from '../../world/catalogue.ts';
import { creatorFrom } from '../../world/create.ts';
import type { Venue } from '../../world/venue.ts';
import { exactContract } from './exact-contract.ts';
import { scheduleOf } from './margin-schedule.ts';

/** A position and what backs it, units as in `LiquidationQuestion`. */
export interface LiquidationStepQuestion {
  /** That of the venue's contract when left out. */
  readonly kind?: ContractKind;
  /** The venue's own margin rule when left out. */
  readonly table?: MarginTable | undefined;
  readonly side: Side;
  readonly entry: number;
  readonly size: number;
  readonly collateral: number;
  readonly mark: number;
}

export interface LiquidationStepAnswer {
  /** What the policy does first. */
  readonly step: 'wait' | 'order' | 'take-over' | 'deleverage' | 'socialise';
  /** Of an order: the worst price it may fill at, and how much it is for. */
  readonly limit?: number;
  readonly size?: number;
  readonly bankruptcyPrice: number;
  /** Equity over maintenance margin is below 1 when this is true: the position would be liquidated at all. */
  readonly isDistressed: boolean;
}

/**
 * The first step of a venue's liquidation policy for one position, with a book that fills anything at the mark, a full fund and no
 * backstop that has to be asked. Orders keep to the band of the contract.
 */
export function calcLiquidationStep(
  { contract: rules, exchange }: Pick<Venue, 'contract' | 'exchange'>,
  question: LiquidationStepQuestion,
): LiquidationStepAnswer {
  const { kind = rules.kind, table, side, entry, size, collateral, mark } = question;
  const exact = exactContract({
    kind,
    prices: [entry, mark, rules.tick],
    sizes: [size],
    amounts: [collateral],
    takerFee: rules.takerFee,
  });
  const { contract } = exact;
  const fund = exchange.insuranceFund.balance / (contract.isInverse ? mark : 1);
  const ticks = exact.ticks(mark);
  const schedule = scheduleOf({ exchange }, table, contract, exact.ticks(entry));
  const lots = side * exact.lots(size);
  const balance = exact.money(collateral) - valueOf(contract, lots, exact.ticks(entry));
  const bankruptcy = bankruptcyPrice(balance, lots, contract);
  const policy = creatorFrom(catalogue).liquidation(exchange.liquidation, { contract });
  const step = policy.next(
    {
      lots,
      balance,
      equity: balance + valueOf(contract, lots, ticks),
      bankruptcyPrice: bankruptcy,
      since: 0,
      orders: 0,
      lastFilled: NaN,
      lastFillAt: -Infinity,
      otherMaintenance: 0,
      seized: false,
      restingLimit: NaN,
    },
    {
      now: 0,
      mark: ticks,
      schedule,
      liquidationFee: Math.round(exchange.liquidation.fee * PPM),
      takerFee: contract.takerFee,
      adlPrice: exchange.adl.price,
      bandLimit: (of) => Math.max(1, Math.round(ticks * (1 + of * rules.marketBand))),
      averagePrice: () => ticks,
      fundHeadroom: () => exact.money(fund),
      backstopHeadroom: () => 0,
      bearer: () => 'take-over',
    },
  );
  return {
    step: step.kind,
    ...(step.kind === 'order' ? { limit: exact.price(step.limit), size: exact.size(step.lots) } : {}),
    bankruptcyPrice: exact.price(bankruptcy),
    isDistressed: isDistressed(schedule, balance, lots, ticks),
  };
}

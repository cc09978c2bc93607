import type { MarginTable } from '../../accounts/margin-table.ts';
import {
  bankruptcyPrice,
  liquidationPrice,
  maintenanceMargin,
  marginScheduleFrom,
  tierOf,
} from '../../accounts/margin.ts';
import type { MarginSchedule } from '../../accounts/margin.ts';
import { assertSafe } from '../../base/check.ts';
import type { Side } from '../../base/units.ts';
import { notionalOf, valueOf } from '../../market/contract.ts';
import type { Contract, ContractKind } from '../../market/contract.ts';
import { CalculatorError } from './calculator-error.ts';
import { exactContract } from './exact-contract.ts';
import type { ExactContract } from './exact-contract.ts';

/** A position and what backs it. Sizes are in the asset (inverse contract: in quote currency), amounts in quote currency (in the coin). */
export interface LiquidationQuestion {
  readonly kind: ContractKind;
  readonly table: MarginTable;
  readonly side: Side;
  readonly entry: number;
  readonly size: number;
  /** Margin of an isolated position, or the whole wallet under cross margin. One of it and `leverage`. */
  readonly collateral?: number;
  readonly leverage?: number;
  /** What the account holds besides under cross margin; it stands still at its marks. */
  readonly others?: readonly OtherPosition[];
  /** Funding, borrowing and fees owed and not yet paid; < 0: to be received. */
  readonly accrued?: number;
  /** Where the price is now; the entry when left out. */
  readonly mark?: number;
}

export interface OtherPosition {
  readonly table: MarginTable;
  readonly side: Side;
  readonly size: number;
  readonly entry: number;
  readonly mark: number;
}

/** A price is null where there is none: nothing breaks the position. */
export interface LiquidationAnswer {
  /** Equity equals maintenance margin. */
  readonly liquidationPrice: number | null;
  /** Equity is zero. */
  readonly bankruptcyPrice: number | null;
  /** From the mark to the liquidation price, as a share of the mark; < 0: it is past it. */
  readonly distance: number | null;
  readonly collateral: number;
  /** Notional at entry over collateral. */
  readonly leverage: number;
  /** The tier that the position is in at the liquidation price. */
  readonly tier: AppliedTier | null;
}

export interface AppliedTier {
  /** From 1. */
  readonly number: number;
  readonly maintenanceRate: number;
  readonly deduction: number;
  readonly maxLeverage: number;
  /** Both at the liquidation price. */
  readonly notional: number;
  readonly maintenanceMargin: number;
}

/** Where an account breaks, by the functions that the engine itself uses. Throws `CalculatorError` for what cannot be, `OutOfRange` for too many digits. */
export function calcLiquidation(question: LiquidationQuestion): LiquidationAnswer {
  const { kind, side, entry, size, others = [], accrued = 0, mark = entry } = question;
  const exact = exactContract({
    kind,
    prices: [entry, mark, ...others.flatMap((other) => [other.entry, other.mark])],
    sizes: [size, ...others.map((other) => other.size)],
    amounts: [question.collateral ?? 0, accrued],
    takerFee: 0,
  });
  const { contract } = exact;
  const schedule = scheduleOf(question.table, contract);
  const lots = side * exact.lots(size);
  const cost = assertSafe(valueOf(contract, lots, exact.ticks(entry)), 'the value of a position');
  const notional = Math.abs(cost);
  const collateral = question.collateral ?? exact.amount(notional) / question.leverage!;
  const most = schedule.maxLeverage({ lots: Math.abs(lots), notional, openInterest: 0 });
  if (question.leverage !== undefined && question.leverage > most) {
    throw new CalculatorError(
      `leverage ${question.leverage} is more than a position of this size may have, ${most}`,
    );
  }
  const cash =
    exact.money(collateral) - exact.money(accrued) + sumOf(others, (other) => profitOf(other, exact));
  const locked = sumOf(others, (other) => marginOf(other, exact));
  const price = liquidationPrice(schedule, cash - locked - cost, lots);
  const isReached = price > 0 && price < Infinity;
  return {
    liquidationPrice: isReached ? exact.price(price) : null,
    bankruptcyPrice: positive(exact.price(bankruptcyPrice(cash - cost, lots, contract))),
    distance: isReached ? (side * (mark - exact.price(price))) / mark : null,
    collateral,
    leverage: exact.amount(notional) / collateral,
    tier: isReached ? tierAt(schedule, lots, price, exact) : null,
  };
}

function scheduleOf(table: MarginTable, contract: Contract): MarginSchedule {
  if (table.rule === 'marginal-tiers') return marginScheduleFrom(table.table, contract);
  throw new CalculatorError(`${table.symbol} has ${table.rule}, which makes no liquidation price`);
}

function tierAt(schedule: MarginSchedule, lots: number, price: number, exact: ExactContract): AppliedTier {
  // As a real number: the value of an inverse position is rounded to a unit of money otherwise.
  const notional = schedule.contract.isInverse
    ? notionalOf(schedule.contract, lots, price)
    : Math.abs(lots) * price;
  const k = tierOf(schedule, notional, lots);
  return {
    number: k + 1,
    maintenanceRate: schedule.rate[k] / 1e6,
    deduction: exact.amount(schedule.deduction[k]),
    maxLeverage: schedule.maxLeverage({ lots: Math.abs(lots), notional, openInterest: 0 }),
    notional: exact.amount(notional),
    maintenanceMargin: exact.amount(maintenanceMargin(schedule, notional, lots)),
  };
}

function profitOf({ side, size, entry, mark }: OtherPosition, exact: ExactContract): number {
  const lots = side * exact.lots(size);
  const { contract } = exact;
  return valueOf(contract, lots, exact.ticks(mark)) - valueOf(contract, lots, exact.ticks(entry));
}

function marginOf({ table, size, mark }: OtherPosition, exact: ExactContract): number {
  const { contract } = exact;
  const lots = exact.lots(size);
  const notional = notionalOf(contract, lots, exact.ticks(mark));
  return maintenanceMargin(scheduleOf(table, contract), notional, lots);
}

function sumOf<Item>(items: readonly Item[], of: (item: Item) => number): number {
  return items.reduce((sum, item) => sum + of(item), 0);
}

function positive(price: number): number | null {
  return price > 0 && price < Infinity ? price : null;
}

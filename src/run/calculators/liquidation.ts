import type { MarginTable } from '../../accounts/margin-table.ts';
import {
  bankruptcyPrice,
  liquidationPrice,
  maintenanceMargin,
  priceAtMarginShare,
  tierOf,
  withFeeToClose,
} from '../../accounts/margin.ts';
import type { MarginSchedule } from '../../accounts/margin.ts';
import { twoThresholdPrices } from '../../accounts/oracle-margin.ts';
import { entryMarginLiquidationPrice } from '../../accounts/published-formulas.ts';
import { assertSafe } from '../../base/check.ts';
import { PPM } from '../../base/units.ts';
import type { Lots, Side, Ticks } from '../../base/units.ts';
import { notionalOf, valueOf } from '../../market/contract.ts';
import type { ContractKind } from '../../market/contract.ts';
import { CalculatorError } from './calculator-error.ts';
import { exactContract } from './exact-contract.ts';
import type { ExactContract } from './exact-contract.ts';
import { scheduleFrom } from './margin-schedule.ts';

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
  /** What the account holds besides; given, even if there is nothing, under cross margin. It stands still at its marks. */
  readonly others?: readonly OtherPosition[];
  /** Funding, borrowing and fees owed and not yet paid; < 0: to be received. */
  readonly accrued?: number;
  /** Share of the notional that closing costs, where the venue adds it to the margin. */
  readonly feeToClose?: number;
  /** Open interest of the market, where leverage depends on it; amount. */
  readonly openInterest?: number;
  /** Asks also where equity is this share of the maintenance margin, e.g. 2/3 where a backstop steps in. */
  readonly marginShare?: number;
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
  /** Equity equals what the position has to be backed by. */
  readonly liquidationPrice: number | null;
  /** Equity is zero. */
  readonly bankruptcyPrice: number | null;
  /** From the mark to the liquidation price, as a share of the mark; < 0: it is past it. */
  readonly distance: number | null;
  readonly collateral: number;
  /** Notional at entry over collateral. */
  readonly leverage: number;
  /** Largest leverage with which such a position may be opened. */
  readonly maxLeverage: number;
  /** Where equity is the share of the maintenance margin that was asked for. */
  readonly marginSharePrice?: number | null;
  /** Against a pool with two thresholds: where it is closed for its leverage, and where for the fees. */
  readonly thresholds?: { readonly leverage: number; readonly fees: number };
  /** The tier that the position is in at the liquidation price. */
  readonly tier: AppliedTier | null;
}

export interface AppliedTier {
  /** From 1. */
  readonly number: number;
  readonly maintenanceRate: number;
  readonly deduction: number;
  /** Both at the liquidation price. */
  readonly notional: number;
  readonly maintenanceMargin: number;
}

/** Where an account breaks, by the functions that the engine itself uses. Throws `CalculatorError` for what cannot be, `OutOfRange` for too many digits. */
export function calcLiquidation(question: LiquidationQuestion): LiquidationAnswer {
  const isPool = question.table.rule === 'two-thresholds' || question.table.rule === 'oi-factor';
  return isPool ? againstPool(question) : againstBook(question);
}

function againstBook(question: LiquidationQuestion): LiquidationAnswer {
  const { table, side, others = [], accrued = 0 } = question;
  const exact = exactFor(question);
  const { contract } = exact;
  const position = held(question, exact);
  const { lots, cost, collateral } = position;
  const plain = scheduleFrom(table, contract, position.entry);
  const schedule = question.feeToClose === undefined ? plain : withFeeToClose(plain);
  const cash =
    exact.money(collateral) - exact.money(accrued) + sumOf(others, (other) => profitOf(other, exact));
  const locked = sumOf(others, (other) => marginOf(other, exact));
  const balance = cash - locked - cost;
  const isolated = question.others === undefined;
  const price =
    isolated && table.isolatedMarginAt === 'entry'
      ? pricedAtEntry(schedule, position, cash, side)
      : liquidationPrice(schedule, balance, lots);
  const { marginShare } = question;
  return {
    ...answerFrom(
      question,
      position,
      positive(exact.price(price)),
      maxLeverageOf(plain, position, question, exact),
    ),
    bankruptcyPrice: positive(exact.price(bankruptcyPrice(cash - cost, lots, contract))),
    ...(marginShare === undefined
      ? {}
      : {
          marginSharePrice: positive(exact.price(priceAtMarginShare(schedule, balance, lots, marginShare))),
        }),
    tier: positive(price) === null ? null : tierAt(schedule, lots, price, exact),
  };
}

/** A pool reckons in decimals of its own: its size is fixed in quote currency at entry. */
function againstPool(question: LiquidationQuestion): LiquidationAnswer {
  const { table, side, entry, accrued = 0, feeToClose = 0 } = question;
  if (question.kind === 'inverse' || question.others !== undefined) {
    throw new CalculatorError('a position against a pool is linear and isolated');
  }
  const exact = exactFor(question);
  const position = held(question, exact);
  const { collateral, notional: size } = position;
  const pooled = { side, size, collateral, entry };
  const bankruptcy = { fees: accrued, liquidationFee: 0, maxLeverage: Infinity };
  const rest = { bankruptcyPrice: positive(twoThresholdPrices(pooled, bankruptcy).fees), tier: null };
  if (table.rule === 'two-thresholds') {
    const fees = table.marginFee * size + accrued;
    const thresholds = twoThresholdPrices(pooled, { ...table, fees });
    // Whichever the price comes to first.
    const first = side * Math.max(side * thresholds.leverage, side * thresholds.fees);
    return { ...answerFrom(question, position, positive(first), table.maxLeverage), ...rest, thresholds };
  }
  if (table.rule !== 'oi-factor') throw new CalculatorError(`${table.symbol} has no pool`);
  const needed = Math.max(table.minCollateral, table.minCollateralFactorForLiquidation * size);
  const rule = { fees: feeToClose * size + accrued, liquidationFee: needed, maxLeverage: Infinity };
  const price = positive(twoThresholdPrices(pooled, rule).fees);
  const schedule = scheduleFrom(table, exact.contract, position.entry);
  return {
    ...answerFrom(question, position, price, maxLeverageOf(schedule, position, question, exact)),
    ...rest,
  };
}

/** A position in whole numbers, and in decimals what they come to. */
interface Held {
  readonly lots: Lots;
  readonly entry: Ticks;
  /** Money. */
  readonly cost: number;
  /** Amounts. */
  readonly notional: number;
  readonly collateral: number;
}

function exactFor(question: LiquidationQuestion): ExactContract {
  const { kind, entry, mark = entry, size, collateral = 0, accrued = 0, others = [] } = question;
  return exactContract({
    kind,
    prices: [entry, mark, ...others.flatMap((other) => [other.entry, other.mark])],
    sizes: [size, ...others.map((other) => other.size)],
    amounts: [collateral, accrued],
    takerFee: question.feeToClose ?? 0,
  });
}

function held({ side, entry, size, collateral, leverage }: LiquidationQuestion, exact: ExactContract): Held {
  const lots = side * exact.lots(size);
  const ticks = exact.ticks(entry);
  const cost = assertSafe(valueOf(exact.contract, lots, ticks), 'the value of a position');
  const notional = exact.amount(Math.abs(cost));
  return { lots, entry: ticks, cost, notional, collateral: collateral ?? notional / leverage! };
}

function answerFrom(
  { side, entry, mark = entry, leverage }: LiquidationQuestion,
  { notional, collateral }: Held,
  price: number | null,
  maxLeverage: number,
): Omit<LiquidationAnswer, 'bankruptcyPrice' | 'tier'> {
  if (leverage !== undefined && leverage > maxLeverage * (1 + 1e-9)) {
    throw new CalculatorError(
      `leverage ${leverage} is more than such a position may have, ${maxLeverage}: ask for that at most, or for a smaller size`,
    );
  }
  return {
    liquidationPrice: price,
    distance: price === null ? null : (side * (mark - price)) / mark,
    collateral,
    leverage: notional / collateral,
    maxLeverage,
  };
}

function maxLeverageOf(
  schedule: MarginSchedule,
  { lots, cost }: Held,
  { openInterest = 0 }: LiquidationQuestion,
  exact: ExactContract,
): number {
  const of = { lots: Math.abs(lots), notional: Math.abs(cost), openInterest: exact.money(openInterest) };
  return schedule.maxLeverage(of);
}

/** The margin stays that of the value at entry. */
function pricedAtEntry(
  schedule: MarginSchedule,
  { lots, entry, cost }: Held,
  cash: number,
  side: Side,
): Ticks {
  const notional = Math.abs(cost);
  return entryMarginLiquidationPrice({
    side,
    entry,
    initialRate: cash / notional,
    maintenanceRate: maintenanceMargin(schedule, notional, lots) / notional,
  });
}

function tierAt(schedule: MarginSchedule, lots: Lots, price: Ticks, exact: ExactContract): AppliedTier {
  // As a real number: the value of an inverse position is rounded to a unit of money otherwise.
  const notional = schedule.contract.isInverse
    ? notionalOf(schedule.contract, lots, price)
    : Math.abs(lots) * price;
  const k = tierOf(schedule, notional, lots);
  const margin = maintenanceMargin(schedule, notional, lots);
  const rate = schedule.ratePerLot === 0 ? schedule.rate[k] / PPM : margin / notional;
  return {
    number: k + 1,
    maintenanceRate: rate,
    deduction: exact.amount(schedule.deduction[k]),
    notional: exact.amount(notional),
    maintenanceMargin: exact.amount(margin),
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
  const price = exact.ticks(mark);
  return maintenanceMargin(scheduleFrom(table, contract, price), notionalOf(contract, lots, price), lots);
}

function sumOf<Item>(items: readonly Item[], of: (item: Item) => number): number {
  return items.reduce((sum, item) => sum + of(item), 0);
}

function positive(price: number): number | null {
  return price > 0 && price < Infinity ? price : null;
}

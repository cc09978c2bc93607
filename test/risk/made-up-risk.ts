import type { Accounts } from '../../src/accounts/accounts.ts';
import { OUTSIDE } from '../../src/accounts/ledger.ts';
import { bankruptcyPrice } from '../../src/accounts/margin.ts';
import { SECOND } from '../../src/base/units.ts';
import type { Lots, Micros, Money, Side, Ticks } from '../../src/base/units.ts';
import type { UnwindSettings } from '../../src/risk/unwinding.ts';
import type { LossItem, RiskJournal } from '../../src/risk/risk-journal.ts';
import type { Distressed, LiquidationView } from '../../src/risk/liquidation/liquidation-policy.ts';
import { flat } from '../fixtures/contracts.ts';

/** Writes down what it is told, as [what, …numbers]. */
export class Notes implements RiskJournal {
  readonly lines: (string | number)[][] = [];
  private readonly note =
    (what: string) =>
    (...told: (string | number)[]): void => {
      this.lines.push([what, ...told]);
    };
  readonly liquidationBegan = this.note('began');
  readonly firstStep = this.note('first step');
  readonly forcedTrade = this.note('forced trade');
  readonly stepTaken = (): void => undefined;
  /** By account and item, added up. */
  readonly items = new Map<string, number>();
  readonly handedOver = (): void => undefined;
  readonly liquidationEnded = this.note('ended');
  readonly fundReceived = this.note('fund received');
  readonly fundPaid = this.note('fund paid');
  readonly deleveraged = this.note('deleveraged');
  readonly socialised = this.note('socialised');

  attributed(account: number, item: LossItem, amount: Money): void {
    const key = `${account} ${item}`;
    this.items.set(key, (this.items.get(key) ?? 0) + amount);
  }

  of(what: string): (string | number)[][] {
    return this.lines.filter(([kind]) => kind === what).map(([, ...told]) => told);
  }
}

/** Gives an account its collateral and a position it had before. The caller sees to it that positions net to zero. */
export function open(
  accounts: Accounts,
  account: number,
  position: { lots: Lots; entry: Ticks; collateral: Money },
): void {
  accounts.ledger.transfer(OUTSIDE, account, position.collateral - position.lots * position.entry);
  if (position.lots !== 0) accounts.openPosition(account, position.lots, position.entry);
}

/** As the engine describes it to a policy. */
export function distressed(o: {
  lots: Lots;
  balance: Money;
  mark: Ticks;
  since?: Micros;
  orders?: number;
  lastFilled?: Lots;
  lastFillAt?: Micros;
  seized?: boolean;
  restingLimit?: Ticks;
}): Distressed {
  return {
    lots: o.lots,
    balance: o.balance,
    equity: o.balance + o.lots * o.mark,
    otherMaintenance: 0,
    bankruptcyPrice: bankruptcyPrice(o.balance, o.lots),
    since: o.since ?? 0,
    orders: o.orders ?? 0,
    lastFilled: o.lastFilled ?? NaN,
    lastFillAt: o.lastFillAt ?? -Infinity,
    seized: o.seized ?? false,
    restingLimit: o.restingLimit ?? NaN,
  };
}

/** Levels of the opposite side, best first: [price, lots]. */
export type Levels = readonly (readonly [Ticks, Lots])[];

export function averageOf(levels: Levels, lots: Lots): Ticks {
  let left = lots;
  let value = 0;
  for (const [price, there] of levels) {
    const taken = Math.min(left, there);
    value += taken * price;
    left -= taken;
  }
  return left > 0 ? NaN : value / lots;
}

/** A market at 100 with a bottomless book, a band of 10 %, margin of 1 %, no fees and an empty fund, but for what is said. */
export function market(
  o: Partial<LiquidationView> & { levels?: Levels; headroom?: Money } = {},
): LiquidationView {
  const { levels, headroom, ...view } = o;
  const mark = view.mark ?? 100;
  return {
    now: 1_000_000,
    mark,
    schedule: flat(0.01),
    liquidationFee: 0,
    takerFee: 0,
    bandLimit: (side: Side) => (side === 1 ? Math.floor(mark * 1.1) : Math.ceil(mark * 0.9)),
    averagePrice: (_side, lots) => (levels === undefined ? mark : averageOf(levels, lots)),
    adlPrice: 'bankruptcy',
    fundHeadroom: () => headroom ?? 0,
    backstopHeadroom: () => 0,
    bearer: (account) => (account.equity + (headroom ?? 0) >= 0 ? 'take-over' : 'deleverage'),
    ...view,
  };
}

/** A fund that sells half of what it holds every ten seconds, wherever it can. */
export const UNWIND: UnwindSettings = {
  unwindEvery: 10 * SECOND,
  unwindShare: 0.5,
  unwindWholeBelow: 0,
  unwindSlippage: 1,
  unwindVisible: 1,
};

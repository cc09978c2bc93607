import type { AccountId } from '../accounts/ledger.ts';
import type { Lots, Money, Ticks } from '../base/units.ts';
import type { KeeperId } from './keepers/keepers.ts';

/** How a liquidation ended. */
export type LiquidationEnd = 'recovered' | 'closed' | 'taken-over' | 'deleveraged' | 'backstopped';

/**
 * What the liquidation of an account brings or costs others: `paid-in` to the fund (fees and surplus), `fund` what the fund pays for it,
 * `others` what winners lose by it (deleveraged below the mark, or sharing a loss) or nobody can pay; `taken-over` is the
 * notional that the fund took from it, whose gain or loss is the fund's from then on.
 */
export type LossItem = 'paid-in' | 'fund' | 'others' | 'taken-over';

/** What the risk engine tells whoever keeps the record. Called as things happen, before the next event. */
export interface RiskJournal {
  liquidationBegan(account: AccountId, mark: Ticks): void;
  /** The first step of this liquidation goes out; `equity` at the mark of this moment. */
  firstStep(account: AccountId, equity: Money): void;
  /** An order of this liquidation (or of the fund, unwinding) was sent and filled `lots` (may be 0) worth `value`. */
  forcedTrade(account: AccountId, lots: Lots, value: Money): void;
  /** `keeper` carried out a step: what it was paid, and what it cost it outside the exchange (both may be 0). */
  stepTaken(
    account: AccountId,
    keeper: KeeperId,
    money: { readonly reward: Money; readonly cost: Money },
  ): void;
  /** A vault took over a position under liquidation, or part of it. */
  handedOver(account: AccountId, vault: AccountId): void;
  liquidationEnded(account: AccountId, end: LiquidationEnd): void;
  fundReceived(amount: Money): void;
  fundPaid(amount: Money): void;
  /** `winner` was closed by `lots` against `loser`. */
  deleveraged(loser: AccountId, winner: AccountId, lots: Lots, mark: Ticks): void;
  /** Others bear `amount` of a loss; `uncovered` exceeds all they have to give and stays as a debt. */
  socialised(amount: Money, uncovered: Money): void;
  /** For whom money of the calls above moved; told beside them. */
  attributed(account: AccountId, item: LossItem, amount: Money): void;
}

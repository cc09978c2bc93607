import type { Micros, Money } from '../../base/units.ts';
import type { Contract } from '../../market/contract.ts';
import type { Bearer, Distressed } from '../liquidation/liquidation-policy.ts';

/** A rule that says when somebody else than the insurance fund has to bear a loss. */
export interface AdlTrigger {
  /** Equity of the fund at a new mark; told before anything is asked at that mark. */
  observe?(now: Micros, fundEquity: Money): void;
  /** What a fund of this equity may still lose for others; money ≥ 0. */
  headroom(fundEquity: Money): Money;
  /** Equity that is left to the fund when its own positions are deleveraged, which they are below it. */
  floor(): Money;
  /** Whether they are; else what the fund lacks is socialised. */
  readonly deleverages: boolean;
  /** Whether the fund, before an account is deleveraged at its bankruptcy price, pays what it still may, so that the winners forgo less. */
  readonly fundPaysFirst: boolean;
  /** `headroom`: what the fund may still lose. */
  bearer(account: Distressed, headroom: Money): Bearer;
}

export interface TriggerParts {
  readonly contract: Contract;
}

/** A fund that is spent to its last unit. */
export const TO_THE_END: Pick<AdlTrigger, 'headroom' | 'floor'> = {
  headroom: (fundEquity) => Math.max(0, fundEquity),
  floor: () => 0,
};

/** The fund as long as it can bear the loss at the mark. */
export function fundOr(otherwise: Bearer): AdlTrigger['bearer'] {
  return (account, headroom) => (account.equity + headroom >= 0 ? 'take-over' : otherwise);
}

import type { Micros } from '../base/units.ts';

export interface SessionRules {
  /** Whether liquidation orders are taken while trading is halted. */
  readonly liquidates: boolean;
  /** For so long after a halt only orders that rest are taken, so that a book can form. */
  readonly postOnly: Micros;
}

/**
 * Whether an exchange takes orders: open, halted, or open to resting orders only. Cancels are taken at any time; so is
 * everything that is no order: marks, margin checks, funding, deleveraging of a vault.
 */
export class TradingSession {
  private readonly rules: SessionRules;
  private readonly clock: { readonly now: Micros };
  private haltedUntil: Micros = -Infinity;

  constructor(rules: SessionRules, clock: { readonly now: Micros }) {
    this.rules = rules;
    this.clock = clock;
  }

  get isHalted(): boolean {
    return this.clock.now < this.haltedUntil;
  }

  /** Halts trading for so long from now on. The later end of two halts counts. */
  halt(length: Micros): void {
    this.haltedUntil = Math.max(this.haltedUntil, this.clock.now + length);
  }

  takes({ postOnly }: { readonly postOnly: boolean }): boolean {
    return this.clock.now >= this.haltedUntil + (postOnly ? 0 : this.rules.postOnly);
  }

  get takesLiquidations(): boolean {
    return this.clock.now >= this.liquidatesFrom;
  }

  /** From when on liquidation orders are taken; −Infinity when they always are. */
  get liquidatesFrom(): Micros {
    return this.rules.liquidates ? -Infinity : this.haltedUntil + this.rules.postOnly;
  }
}

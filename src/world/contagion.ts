import type { AccountId } from '../accounts/ledger.ts';

/** Rounds of the power method; each brings it nearer by the ratio of the two largest eigenvalues of k + 1. */
const ROUNDS = 200;

/**
 * How forced selling in one contract forces selling in others. `k[i][j]` is the notional forced in i from accounts that a mark of j
 * broke soon after forced trades in j, per unit of notional forced in j: what one unit of forced selling in j brings
 * about in i. Its spectral radius is the factor from one generation to the next; above 1 a cascade feeds itself.
 * For one contract it is the share of forced notional that is not of the first generation, which in a linear market is k.
 * What counts as soon is the recorder's convention for generations. What the fund sells of its own counts as a cause only.
 */
export class Contagion {
  private readonly contracts: number;
  /** cause[account]: contract whose forced trades set its liquidation off; −1: none did. */
  private readonly cause = new Map<AccountId, number>();
  /** total[j], quote currency. */
  private readonly total: Float64Array;
  /** caused[i · contracts + j], quote currency. */
  private readonly caused: Float64Array;

  constructor(contracts: number) {
    this.contracts = contracts;
    this.total = new Float64Array(contracts);
    this.caused = new Float64Array(contracts * contracts);
  }

  /** What was counted so far is forgotten. */
  begin(): void {
    this.total.fill(0);
    this.caused.fill(0);
  }

  /** The mark of a contract broke an account, set off by a forced trade there or not. */
  broke(account: AccountId, by: number, isSetOff: boolean): void {
    this.cause.set(account, isSetOff ? by : -1);
  }

  /** Notional in quote currency was forced in a contract. */
  forced(account: AccountId, at: number, notional: number): void {
    this.total[at] += notional;
    const by = this.cause.get(account) ?? -1;
    if (by >= 0) this.caused[at * this.contracts + by] += notional;
  }

  /** matrix()[i][j] = k[i][j]; 0 where nothing was forced in j. */
  matrix(): number[][] {
    return Array.from(this.total, (_, i) =>
      Array.from(this.total, (forced, j) =>
        forced === 0 ? 0 : this.caused[i * this.contracts + j] / forced,
      ),
    );
  }

  /** Largest eigenvalue of the matrix, which is real since no entry is negative. */
  spectralRadius(): number {
    const k = this.matrix();
    let vector = k.map(() => 1 / this.contracts);
    let growth = 1;
    // With one added to the diagonal the method also ends where contracts feed each other in turn.
    for (let round = 0; round < ROUNDS; round++) {
      const next = k.map((row, i) => row.reduce((sum, of, j) => sum + of * vector[j], vector[i]));
      growth = next.reduce((sum, x) => sum + x, 0);
      vector = next.map((x) => x / growth);
    }
    return growth - 1;
  }
}

/** Paired timing: contestants take turns, so that what disturbs the machine disturbs all of them. */
import type { Row } from './rows.ts';

/**
 * A part of the benchmark. It is measured in sittings that are spread over all of the benchmark, as what disturbs the machine may
 * go on for a minute.
 */
export interface Part {
  sit(): void | Promise<void>;
  /** Measures a little after each sitting of another part. */
  between?(): Promise<void>;
  /** After the last sitting. */
  rows(): Row[] | Promise<Row[]>;
}

export interface Contestant {
  readonly name: string;
  /** Units of work of one turn. */
  readonly units: number;
  /** Sets up one turn, untimed, and returns what is to be timed. */
  prepare(): () => void;
}

/** A number measured once a round. */
export interface Spread {
  /**
   * What counts: the least of the times, or what follows from it. Whatever else runs on the machine only adds to a time, and
   * often in more than three quarters of the rounds.
   */
  readonly quiet: number;
  readonly median: number;
  readonly low: number;
  readonly high: number;
}

/**
 * Nanoseconds of processor time a unit, [contestant][round], V8's compiler and collector included. The first `warmUp`
 * rounds, in which the code is compiled, do not count. No garbage is collected in between: V8 then throws away the code that it
 * had made for the objects of the turn before.
 */
function takeTurns(
  rounds: number,
  contestants: readonly Contestant[],
  { warmUp }: { readonly warmUp: number },
): number[][] {
  const times: number[][] = contestants.map(() => []);
  for (let round = -warmUp; round < rounds; round++) {
    for (const [i, contestant] of contestants.entries()) {
      const turn = contestant.prepare();
      const from = process.cpuUsage();
      turn();
      const { user, system } = process.cpuUsage(from);
      if (round >= 0) times[i].push(((user + system) * 1000) / contestant.units);
    }
  }
  return times;
}

/** What the same contestants took in all sittings so far. */
export class Turns {
  /** Nanoseconds a unit, [contestant][round]. */
  readonly times: number[][];
  private readonly rounds: number;
  private readonly contestants: readonly Contestant[];
  private readonly warmUp: number;

  /** @param rounds of a sitting; as many as `warmUp` go before them, since V8 drops code that was not used for a while. */
  constructor(
    rounds: number,
    contestants: readonly Contestant[],
    { warmUp = 4 }: { readonly warmUp?: number } = {},
  ) {
    this.rounds = rounds;
    this.contestants = contestants;
    this.warmUp = warmUp;
    this.times = contestants.map(() => []);
  }

  sit(): void {
    const times = takeTurns(this.rounds, this.contestants, { warmUp: this.warmUp });
    for (const [i, more] of times.entries()) this.times[i].push(...more);
  }
}

/** Of times, or of rates, of which the quiet rounds have the greatest. */
export function spreadOf(values: readonly number[], { rates = false } = {}): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const median = (sorted[Math.ceil(middle) - 1] + sorted[Math.floor(middle)]) / 2;
  const [low, high] = [sorted[0], sorted[sorted.length - 1]];
  return { quiet: rates ? high : low, median, low, high };
}

/** Of what two contestants took in the same round; `quiet` is the ratio of their quiet times. */
export function ratios(slow: readonly number[], fast: readonly number[]): Spread {
  const withinRounds = spreadOf(slow.map((time, round) => time / fast[round]));
  return { ...withinRounds, quiet: spreadOf(slow).quiet / spreadOf(fast).quiet };
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Stops the benchmark when two contestants did not do the same. */
export function equalWork(what: string, sums: Readonly<Record<string, unknown>>): void {
  const [first, ...others] = Object.entries(sums);
  for (const [name, sum] of others) {
    if (JSON.stringify(sum) !== JSON.stringify(first[1])) {
      throw new Error(
        `${what}: ${first[0]} did ${JSON.stringify(first[1])}, ${name} did ${JSON.stringify(sum)}`,
      );
    }
  }
}

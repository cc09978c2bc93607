/** Paired timing: contestants take turns, so that what disturbs the machine disturbs all of them. */

export interface Contestant {
  readonly name: string;
  /** Units of work of one turn. */
  readonly units: number;
  /** Sets up one turn, untimed, and returns what is to be timed. */
  prepare(): () => void;
}

/** A number measured once a round. */
export interface Spread {
  readonly median: number;
  readonly low: number;
  readonly high: number;
}

/**
 * Nanoseconds of processor time a unit, [contestant][round], V8's compiler and collector included. The first `warmUp`
 * rounds, in which the code is compiled, do not count. No garbage is collected in between: V8 then throws away the code that it
 * had made for the objects of the turn before.
 */
export function takeTurns(
  rounds: number,
  contestants: readonly Contestant[],
  { warmUp = 4 }: { readonly warmUp?: number } = {},
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

export function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const median = (sorted[Math.ceil(middle) - 1] + sorted[Math.floor(middle)]) / 2;
  return { median, low: sorted[0], high: sorted[sorted.length - 1] };
}

/** Ratios of what two contestants took in the same round. */
export function ratios(slow: readonly number[], fast: readonly number[]): Spread {
  return spreadOf(slow.map((time, round) => time / fast[round]));
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

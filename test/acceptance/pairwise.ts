/** A choice of one value in each dimension, by the name of the dimension: an index into its values. */
export type Row = Readonly<Record<string, number>>;

export interface Plan {
  /** How many values each dimension has. */
  readonly sizes: Readonly<Record<string, number>>;
  /** Whether two values may stand in one row; asked for any two dimensions. */
  readonly goTogether: (a: readonly [string, number], b: readonly [string, number]) => boolean;
}

/**
 * Rows in which every two values of different dimensions that go together meet at least once. Greedy: each row starts from a pair that has
 * not met, and then takes in each dimension the value that meets most for the first time.
 */
export function coveringRows({ sizes, goTogether }: Plan): Row[] {
  const names = Object.keys(sizes);
  const open = new Map(pairsOf({ sizes, goTogether }).map((pair) => [keyOf(...pair), pair]));
  const rows: Row[] = [];
  for (const [first, second] of open.values()) {
    if (!open.has(keyOf(first, second))) continue;
    const chosen: [string, number][] = [first, second];
    // The dimensions take turns in choosing early.
    const rest = names.filter((name) => name !== first[0] && name !== second[0]);
    rest.push(...rest.splice(0, rows.length % rest.length));
    for (const name of rest) {
      let best = -1;
      let most = -1;
      for (let i = 0; i < sizes[name]; i++) {
        const value = (i + rows.length) % sizes[name];
        if (!chosen.every((one) => goTogether(one, [name, value]))) continue;
        const met = chosen.filter((one) => open.has(keyOf(one, [name, value]))).length;
        if (met > most) [best, most] = [value, met];
      }
      if (best < 0) throw new Error(`no ${name} goes with ${JSON.stringify(chosen)}`);
      chosen.push([name, best]);
    }
    chosen.forEach((a, i) => chosen.slice(i + 1).forEach((b) => open.delete(keyOf(a, b))));
    rows.push(Object.fromEntries(chosen));
  }
  return rows;
}

/** Every two values that go together. */
export function pairsOf({ sizes, goTogether }: Plan): [[string, number], [string, number]][] {
  const names = Object.keys(sizes);
  const pairs: [[string, number], [string, number]][] = [];
  names.forEach((a, i) =>
    names.slice(i + 1).forEach((b) => {
      for (let m = 0; m < sizes[a]; m++)
        for (let n = 0; n < sizes[b]; n++)
          if (goTogether([a, m], [b, n]))
            pairs.push([
              [a, m],
              [b, n],
            ]);
    }),
  );
  return pairs;
}

function keyOf(a: readonly [string, number], b: readonly [string, number]): string {
  return [`${a[0]}=${a[1]}`, `${b[0]}=${b[1]}`].sort().join(' ');
}

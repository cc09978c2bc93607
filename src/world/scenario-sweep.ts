import { ScenarioError } from '../base/check.ts';
import { asWritten } from '../base/quantities.ts';
import { extended, place, sweepsFiles } from './scenario-source.ts';
import { childOf, describe, plain, withoutEntry, type Entry, type MapTree, type Tree } from './yaml-tree.ts';

/** One thing that varies over the cells of a batch. */
export interface Axis {
  /** Last part of the path, or as many as it takes to tell it from other axes and from metrics: `mark`, `longs.count`. */
  readonly name: string;
  /** Dotted path in the scenario: `exchange.mark`. */
  readonly path: string;
  /** One for each value, all different. */
  readonly labels: readonly string[];
}

/** The scenario with one combination of the values in place. */
interface SweptCell {
  /** Label by axis name, in the order of the axes. */
  readonly labels: Readonly<Record<string, string>>;
  readonly tree: MapTree;
}

/** What a map is called by, in this order. */
const NAMING_KEYS = ['venue', 'design', 'policy', 'ranking', 'rule', 'process', 'kind', 'file'] as const;

/**
 * Every combination of the values under `sweep`, in the order of the file, the first axis slowest. A value replaces
 * what stands at its path as a whole, so that no parameter leaks from the base design into another. Values come as a list,
 * labelled by what they say, or as a map from labels to values. An axis `extends.<name>` has files for values: a cell is the
 * scenario as if it extended that file before all others.
 * A scenario without a sweep is one cell. `taken`: names that no axis may have by itself, those of metrics.
 */
export function sweepOf(
  tree: MapTree,
  taken: readonly string[],
): {
  readonly axes: readonly Axis[];
  readonly cells: readonly SweptCell[];
} {
  const sweep = childOf(tree, 'sweep');
  const base = withoutEntry(tree, 'sweep');
  if (sweep === undefined) return { axes: [], cells: [{ labels: {}, tree: base }] };
  if (sweep.value.kind !== 'map') {
    throw new ScenarioError({
      ...sweep.value.at,
      path: 'sweep',
      found: describe(sweep.value),
      expected: 'a map from paths to lists of values, such as exchange.mark: [ … ]',
    });
  }
  const paths = [...sweep.value.entries.keys()];
  const names = axisNames(paths, taken);
  const axes: Axis[] = [];
  let combinations: readonly Combination[] = [{ labels: {}, entries: [] }];
  for (const [i, [path, { at, value }]] of [...sweep.value.entries].entries()) {
    const values = valuesOf(path, value);
    const labels = value.kind === 'map' ? [...value.entries.keys()] : labelsOf(path, values);
    axes.push({ name: names[i], path, labels });
    combinations = combinations.flatMap((soFar) =>
      values.map((value, k) => ({
        labels: { ...soFar.labels, [names[i]]: labels[k] },
        entries: [...soFar.entries, { path, at, value }],
      })),
    );
  }
  return {
    axes,
    cells: combinations.map(({ labels, entries }) => ({ labels, tree: cellOf(base, entries) })),
  };
}

/** One value from each axis. */
interface Combination {
  readonly labels: Readonly<Record<string, string>>;
  readonly entries: readonly (Entry & { readonly path: string })[];
}

function cellOf(base: MapTree, entries: Combination['entries']): MapTree {
  // Of several files the later one wins, so it is extended first.
  const files = entries.filter(({ path }) => sweepsFiles(path)).reverse();
  const whole = files.reduce((tree, { value }) => extended(tree, value as MapTree), base);
  return entries
    .filter(({ path }) => !sweepsFiles(path))
    .reduce((tree, { path, ...entry }) => place(tree, path.split('.'), entry), whole);
}

function valuesOf(path: string, value: Tree): readonly Tree[] {
  if (value.kind === 'list' && value.items.length > 0) return value.items;
  if (value.kind === 'map' && value.entries.size > 0)
    return [...value.entries.values()].map((entry) => entry.value);
  const what = sweepsFiles(path) ? 'files' : 'values';
  throw new ScenarioError({
    ...value.at,
    path: `sweep.${path}`,
    found: value.kind === 'list' ? 'an empty list' : describe(value),
    expected: `a list of ${what}, or a map from labels to ${what}`,
  });
}

function axisNames(paths: readonly string[], taken: readonly string[]): readonly string[] {
  const parts = paths.map((path) => path.split('.'));
  // An index into a list says nothing by itself.
  const lengths = parts.map((keys) => keys.length - keys.findLastIndex((key) => !/^\d+$/.test(key)));
  const nameOf = (i: number) => parts[i].slice(-lengths[i]).join('.');
  for (;;) {
    const names = paths.map((_, i) => nameOf(i));
    const alike = paths
      .map((_, i) => i)
      .filter((i) => taken.includes(names[i]) || names.some((name, k) => k !== i && name === names[i]));
    const growing = alike.filter((i) => lengths[i] < parts[i].length);
    if (growing.length === 0) return names;
    for (const i of growing) lengths[i]++;
  }
}

function labelsOf(path: string, values: readonly Tree[]): readonly string[] {
  const names = values.map(nameOf);
  const labels = values.map((value, i) => {
    const alike = values.filter((_, k) => names[k] === names[i]);
    return alike.length === 1 ? names[i] : [names[i], ...differences(value, alike)].join(' ');
  });
  const again = labels.findIndex((label, i) => labels.indexOf(label) < i);
  if (again < 0) return labels;
  throw new ScenarioError({
    ...values[again].at,
    path: `sweep.${path}`,
    found: `${labels[again]} for the second time`,
    expected: 'different values',
  });
}

function nameOf(value: Tree): string {
  return asWritten(shortOf(value));
}

/** Plain data in which every map that names itself is its name. */
function shortOf(value: Tree): unknown {
  if (value.kind === 'scalar') return value.value;
  if (value.kind === 'list') return value.items.map(shortOf);
  for (const key of NAMING_KEYS) {
    const name = childOf(value, key)?.value;
    if (name?.kind === 'scalar') return name.value;
  }
  return Object.fromEntries([...value.entries].map(([key, entry]) => [key, shortOf(entry.value)]));
}

/** `key=value` for the parameters in which values of the same name differ. */
function differences(value: Tree, alike: readonly Tree[]): readonly string[] {
  if (value.kind !== 'map') return [];
  return [...value.entries]
    .filter(([key, own]) => {
      const text = asWritten(plain(own.value));
      return alike.some((other) => asWritten(plainAt(other, key)) !== text);
    })
    .map(([key, own]) => `${key}=${asWritten(plain(own.value))}`);
}

function plainAt(tree: Tree, key: string): unknown {
  const child = childOf(tree, key);
  return child === undefined ? undefined : plain(child.value);
}

import { closest, distance } from 'fastest-levenshtein';
import { ScenarioError } from '../base/check.ts';
import { isDistributionLiteral } from '../base/distribution-literals.ts';
import {
  childOf,
  describe,
  emptyMap,
  find,
  parseTree,
  placeAt,
  withEntry,
  withoutEntry,
  type Entry,
  type MapTree,
  type Path,
  type Place,
  type Tree,
} from './yaml-tree.ts';

/** How the engine gets at files without touching a disk; paths are whatever the caller says they are. */
export interface ScenarioFiles {
  /** The text of a file. Throws when there is none. */
  read(path: string): string;
  /** The path of `relative` as written in the file `from`. */
  resolve(from: string, relative: string): string;
}

/** A scenario with everything it extends merged in, tier tables included. */
interface ScenarioSource {
  readonly tree: MapTree;
  /** In the order in which they were opened, the scenario itself first. */
  readonly files: readonly string[];
}

/** Where a file is named, for what is said about it. */
interface Naming {
  readonly at: Place;
  readonly path: string;
  readonly written: string;
}

/** Keys that name a variant: a map with another variant replaces what it extends instead of merging into it. */
const VARIANT_KEYS = ['design', 'policy', 'ranking', 'rule', 'process', 'kind'] as const;
/** A tier table is one thing: two of them never merge. */
const TIERS: Path = ['exchange', 'margin', 'tiers'];
/** Further contracts by name, which have theirs. */
const MARKETS = 'markets';
/** `insuranceFund: 20M` is short for `insuranceFund: { balance: 20M }`. */
const FUND: Path = ['exchange', 'insuranceFund'];
/** Maps whose keys are names the user gives. */
const NAMED = ['agents', 'feeds', 'shocks', MARKETS];

/** Reads a scenario and everything it extends; then applies `path=value` settings. */
export function readSource(
  file: string,
  files: ScenarioFiles,
  settings: readonly string[] = [],
): ScenarioSource {
  const opened: string[] = [];
  const read = (path: string, chain: readonly string[], from?: Naming): MapTree => {
    if (chain.includes(path)) {
      const circle = [...chain.slice(chain.indexOf(path)), path].join(' → ');
      throw new ScenarioError({
        ...from!.at,
        path: from!.path,
        found: `a circle: ${circle}`,
        expected: 'files that do not extend each other in a circle',
      });
    }
    if (!opened.includes(path)) opened.push(path);
    const own = mapOf(parseTree(readText(path, files, from), path));
    const [extended, rest] = [childOf(own, 'extends'), expandAll(withoutEntry(own, 'extends'), path, files)];
    const parents = extended === undefined ? [] : extendedFiles(extended);
    const merged = parents.map(({ relative, at }) =>
      read(files.resolve(path, relative), [...chain, path], { at, path: 'extends', written: relative }),
    );
    return [...merged, rest].reduce((base, over) => merge(base, over, []) as MapTree);
  };
  const base = read(file, []);
  const tree = settings.reduce((soFar, setting) => applySetting(soFar, setting, file, files), base);
  const readSwept = (named: Tree, path: string): MapTree => {
    // So it stands in the text of a batch, whose files have all been read.
    if (named.kind === 'map') return named;
    const { relative, at } = pathIn(named, path);
    const from = at.line === 0 ? file : at.file;
    const swept = read(files.resolve(from, relative), [file], { at, path, written: relative });
    if (childOf(swept, 'sweep') === undefined) return swept;
    throw new ScenarioError({
      ...at,
      path,
      found: `${relative}, which sweeps`,
      expected: 'a file without a sweep of its own',
    });
  };
  return { tree: withSweptFiles(tree, readSwept), files: opened };
}

/** The tree with the value at `path` replaced whole. Maps on the way are made where the schema knows them. */
export function place(tree: MapTree, path: readonly string[], entry: Entry): MapTree {
  // A bare amount sets the balance and leaves how the fund unwinds as it was.
  const at = samePath(path, FUND) && entry.value.kind === 'scalar' ? [...path, 'balance'] : path;
  return placeUnder(tree, at, entry, []) as MapTree;
}

/** Replaces paths to tier tables inside `value`, which is to stand at `at`, by the tables. */
function withTables(value: Tree, at: Path, from: string, files: ScenarioFiles): Tree {
  const places = [TIERS, ...marketsIn(value, at).map((name) => [MARKETS, name, ...TIERS])];
  return places.reduce((tree, place) => withTable(tree, at, place, { from, files }), value);
}

/** Names of further contracts that a value may concern which is to stand at `at`. */
function marketsIn(value: Tree, at: Path): readonly string[] {
  if (at.length > 0 && at[0] !== MARKETS) return [];
  if (at.length > 1) return [String(at[1])];
  const markets = find(value, at.length === 0 ? [MARKETS] : []);
  return markets?.kind === 'map' ? [...markets.entries.keys()] : [];
}

function withTable(
  value: Tree,
  at: Path,
  tiers: Path,
  { from, files }: { readonly from: string; readonly files: ScenarioFiles },
): Tree {
  const inside = tiers.slice(at.length);
  if (!samePath(tiers.slice(0, at.length), at)) return value;
  const table = find(value, inside);
  if (table?.kind !== 'scalar' || typeof table.value !== 'string') return value;
  const path = files.resolve(from, table.value);
  const text = readText(path, files, { at: table.at, path: tiers.join('.'), written: table.value });
  const parsed = parseTree(text, path);
  const file: Entry = { at: table.at, value: { ...table, written: table.value } };
  const named: Tree =
    parsed.kind === 'map'
      ? { ...parsed, entries: new Map([['file', file], ...parsed.entries]) }
      : {
          ...emptyMap(parsed.at),
          entries: new Map([
            ['file', file],
            ['tiers', { at: parsed.at, value: parsed }],
          ]),
        };
  if (inside.length === 0) return named;
  return placeUnder(value, inside.map(String), { at: placeAt(value, inside, 'key'), value: named }, at);
}

function expandAll(tree: MapTree, from: string, files: ScenarioFiles): MapTree {
  const withTable = withSweptTables(withTables(tree, [], from, files) as MapTree, from, files);
  const fund = find(withTable, FUND);
  if (fund?.kind !== 'scalar') return withTable;
  const at = placeAt(withTable, FUND, 'key');
  const map = withEntry(emptyMap(fund.at), 'balance', { at: fund.at, value: fund });
  return placeUnder(withTable, FUND.map(String), { at, value: map }, []) as MapTree;
}

/** A sweep may name tier tables too. */
function withSweptTables(tree: MapTree, from: string, files: ScenarioFiles): MapTree {
  const sweep = childOf(tree, 'sweep');
  if (sweep?.value.kind !== 'map') return tree;
  let swept = sweep.value;
  for (const [path, axis] of swept.entries) {
    const read = (value: Tree): Tree => withTables(value, path.split('.'), from, files);
    if (axis.value.kind === 'list') {
      const items = axis.value.items.map(read);
      swept = withEntry(swept, path, { at: axis.at, value: { ...axis.value, items } });
    } else if (axis.value.kind === 'map') {
      let values = axis.value;
      for (const [label, { at, value }] of values.entries)
        values = withEntry(values, label, { at, value: read(value) });
      swept = withEntry(swept, path, { at: axis.at, value: values });
    }
  }
  return withEntry(tree, 'sweep', { at: sweep.at, value: swept });
}

/** Is this axis of a sweep one of files to extend, such as `extends.venue`? */
export function sweepsFiles(path: string): boolean {
  return path.startsWith('extends.');
}

/** `tree` as a file that extends `base`. */
export function extended(tree: MapTree, base: MapTree): MapTree {
  return merge(base, tree, []) as MapTree;
}

/** Puts what files say in the place of their paths on the axes of a sweep: maps from labels to trees. */
function withSweptFiles(tree: MapTree, readOne: (named: Tree, path: string) => MapTree): MapTree {
  const sweep = childOf(tree, 'sweep');
  if (sweep?.value.kind !== 'map') return tree;
  let swept = sweep.value;
  for (const [path, { at, value }] of swept.entries) {
    if (!sweepsFiles(path) || value.kind === 'scalar') continue;
    let read = emptyMap(value.at);
    for (const [label, one] of value.kind === 'map' ? value.entries : value.items.map(labelled)) {
      const name = `sweep.${path}.${label}`;
      if (read.entries.has(label))
        throw new ScenarioError({
          ...one.at,
          path: name,
          found: `${label} again`,
          expected: 'different files',
        });
      read = withEntry(read, label, { at: one.at, value: readOne(one.value, name) });
    }
    swept = withEntry(swept, path, { at, value: read });
  }
  return withEntry(tree, 'sweep', { at: sweep.at, value: swept });
}

/** A path without a label is called by the name of its file. */
function labelled(item: Tree): [string, Entry] {
  const path = item.kind === 'scalar' ? String(item.value) : describe(item);
  return [path.replace(/^.*[/\\]/, '').replace(/\.ya?ml$/, ''), { at: item.at, value: item }];
}

function applySetting(tree: MapTree, setting: string, file: string, files: ScenarioFiles): MapTree {
  const name = `--set ${setting}`;
  const at: Place = { file: name, line: 0, column: 0 };
  const [, path, text] = /^([^=]+)=(.*)$/s.exec(setting) ?? [];
  if (path === undefined || text === undefined) {
    throw new ScenarioError({ ...at, path: '', found: setting, expected: 'path=value, such as horizon=10m' });
  }
  const value = moved(parseTree(text, name), at);
  // The keys of a sweep are paths themselves.
  const keys = path.startsWith('sweep.') ? ['sweep', path.slice('sweep.'.length)] : path.split('.');
  const placed = place(tree, keys, { at, value: withTables(value, keys, file, files) });
  return keys[0] === 'sweep' ? withSweptTables(placed, file, files) : placed;
}

/** The same value, standing at one place as a whole. */
function moved(tree: Tree, at: Place): Tree {
  switch (tree.kind) {
    case 'scalar':
      return { ...tree, at };
    case 'list':
      return { ...tree, at, items: tree.items.map((item) => moved(item, at)) };
    case 'map':
      return {
        ...tree,
        at,
        entries: new Map([...tree.entries].map(([key, { value }]) => [key, { at, value: moved(value, at) }])),
      };
  }
}

function placeUnder(tree: Tree, path: readonly string[], entry: Entry, above: Path): Tree {
  const [key, ...rest] = path as [string, ...string[]];
  const here = above.join('.');
  if (tree.kind === 'scalar') {
    throw new ScenarioError({
      ...entry.at,
      path: [...above, ...path].join('.'),
      found: `${here} = ${describe(tree)}`,
      expected: `a map at ${here}`,
    });
  }
  const child = childOf(tree, key);
  if (tree.kind === 'list') {
    if (child === undefined || !/^\d+$/.test(key))
      throw noSuch(key, [...above, ...path], tree, here, entry.at);
    const value = rest.length === 0 ? entry.value : placeUnder(child.value, rest, entry, [...above, key]);
    return { ...tree, items: tree.items.map((item, i) => (i === Number(key) ? value : item)) };
  }
  // A key that was there before is not at fault: its new value is the place to look.
  if (rest.length === 0)
    return withEntry(tree, key, child === undefined ? entry : { ...entry, at: entry.value.at });
  if (child === undefined && NAMED.includes(here)) {
    throw noSuch(key, [...above, ...path], tree, here, entry.at);
  }
  const value = placeUnder(child?.value ?? emptyMap(entry.at), rest, entry, [...above, key]);
  return withEntry(tree, key, { at: child?.at ?? entry.at, value });
}

function noSuch(key: string, path: Path, within: Tree, here: string, at: Place): ScenarioError {
  const known =
    within.kind === 'map'
      ? [...within.entries.keys()]
      : within.kind === 'list'
        ? within.items.map((_, i) => String(i))
        : [];
  return new ScenarioError({
    ...at,
    path: path.join('.'),
    found: key,
    expected: known.length === 0 ? `something in ${here}` : `one of ${known.join(', ')} in ${here}`,
    ...suggestion(key, known),
  });
}

/** "Did you mean …?" when one of the known words is near. */
export function suggestion(word: string, known: readonly string[]): { readonly hint?: string } {
  if (known.length === 0) return {};
  const nearest = closest(word, known);
  const isNear = distance(word, nearest) <= Math.max(2, Math.floor(word.length / 3));
  return isNear ? { hint: `Did you mean ${nearest}?` } : {};
}

function merge(base: Tree, over: Tree, path: Path): Tree {
  if (base.kind !== 'map' || over.kind !== 'map' || isReplacedWhole(base, over, path)) return over;
  let merged: MapTree = { ...base, at: over.at };
  for (const [key, entry] of over.entries) {
    const below = base.entries.get(key);
    const value = below === undefined ? entry.value : merge(below.value, entry.value, [...path, key]);
    merged = withEntry(merged, key, { at: entry.at, value });
  }
  return merged;
}

function isReplacedWhole(base: MapTree, over: MapTree, path: Path): boolean {
  if (samePath(path[0] === MARKETS ? path.slice(2) : path, TIERS)) return true;
  if (path.length >= 2 && isDistributionLiteral([...over.entries.keys()])) return true;
  return VARIANT_KEYS.some((key) => {
    const [was, is] = [base, over].map((map) => find(map, [key]));
    return is?.kind === 'scalar' && (was?.kind !== 'scalar' || was.value !== is.value);
  });
}

function extendedFiles({ value }: Entry): readonly { relative: string; at: Place }[] {
  if (value.kind !== 'list') return [pathIn(value, 'extends', ', or a list of them')];
  return value.items.map((item) => pathIn(item, 'extends', ', or a list of them'));
}

function pathIn(named: Tree, path: string, also = ''): { relative: string; at: Place } {
  if (named.kind === 'scalar' && typeof named.value === 'string')
    return { relative: named.value, at: named.at };
  const expected = `the path of a scenario file${also}`;
  throw new ScenarioError({ ...named.at, path, found: describe(named), expected });
}

function readText(path: string, files: ScenarioFiles, from?: Naming): string {
  try {
    return files.read(path);
  } catch {
    throw new ScenarioError({
      ...(from?.at ?? { file: path, line: 0, column: 0 }),
      path: from?.path ?? '',
      found: from === undefined ? 'no such file' : from.written,
      expected: from === undefined ? 'a scenario file' : 'a file that can be read',
      ...(from === undefined || from.written === path ? {} : { hint: `There is no ${path}.` }),
    });
  }
}

function mapOf(tree: Tree): MapTree {
  if (tree.kind === 'map') return tree;
  throw new ScenarioError({ ...tree.at, path: '', found: describe(tree), expected: 'a map of settings' });
}

function samePath(a: Path, b: Path): boolean {
  return a.length === b.length && a.every((key, i) => key === b[i]);
}

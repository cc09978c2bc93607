import {
  Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  visit,
  type Node,
  type YAMLError,
  type YAMLWarning,
} from 'yaml';
import { ScenarioError } from '../base/check.ts';
import { asWritten } from '../base/quantities.ts';

/** Where something stands in a file; 1-based, line 0 for a value from the command line. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** A YAML value that remembers where it was written, also after files have been merged. Never changed in place. */
export type Tree = ScalarTree | ListTree | MapTree;

export interface ScalarTree {
  readonly kind: 'scalar';
  readonly at: Place;
  readonly value: string | number | boolean | null;
  /** The text in the file, quotes included. */
  readonly written: string;
}
export interface ListTree {
  readonly kind: 'list';
  readonly at: Place;
  readonly items: readonly Tree[];
}
export interface MapTree {
  readonly kind: 'map';
  readonly at: Place;
  readonly entries: ReadonlyMap<string, Entry>;
}
/** `at` is the place of the key. */
export interface Entry {
  readonly at: Place;
  readonly value: Tree;
}

export type Path = readonly (string | number)[];

/** Reads YAML 1.2 (and so JSON). Throws `ScenarioError` at the first thing that is not YAML, or ambiguous. */
export function parseTree(text: string, file: string): Tree {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, version: '1.2' });
  const placeOf = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(1, line), column: Math.max(1, col) };
  };
  const fault = [...document.errors, ...document.warnings].sort((a, b) => a.pos[0] - b.pos[0])[0];
  if (fault !== undefined)
    throw new ScenarioError({ ...placeOf(fault.pos[0]), path: '', ...syntaxFault(fault, text) });
  if (document.contents === null) {
    throw new ScenarioError({
      ...placeOf(0),
      path: '',
      found: 'an empty file',
      expected: 'a map of settings',
    });
  }
  return treeOf(document.contents, { document, text, placeOf, open: new Set() });
}

/** A map with nothing in it. */
export function emptyMap(at: Place): MapTree {
  return { kind: 'map', at, entries: new Map() };
}

/** The map with one entry more, or one replaced (which keeps its position). */
export function withEntry(map: MapTree, key: string, entry: Entry): MapTree {
  return { ...map, entries: new Map(map.entries).set(key, entry) };
}

export function withoutEntry(map: MapTree, key: string): MapTree {
  return { ...map, entries: new Map([...map.entries].filter(([k]) => k !== key)) };
}

/** What stands under a key or an index; undefined when there is nothing. */
export function childOf(tree: Tree, key: string | number): Entry | undefined {
  if (tree.kind === 'map') return tree.entries.get(String(key));
  const item = tree.kind === 'list' ? tree.items[Number(key)] : undefined;
  return item === undefined ? undefined : { at: item.at, value: item };
}

/** What stands at a path; undefined when the path leads nowhere. */
export function find(tree: Tree, path: Path): Tree | undefined {
  let node: Tree | undefined = tree;
  for (const key of path) node = node === undefined ? undefined : childOf(node, key)?.value;
  return node;
}

/** The place of the value at a path (or of its key), or of the nearest thing around it. */
export function placeAt(tree: Tree, path: Path, what: 'value' | 'key' = 'value'): Place {
  let place = tree.at;
  let node = tree;
  for (const [depth, key] of path.entries()) {
    const entry = childOf(node, key);
    if (entry === undefined) return place;
    node = entry.value;
    // A map or list that begins on a later line is best pointed at by its key.
    const isBelow = node.kind !== 'scalar' && node.at.file === entry.at.file && node.at.line > entry.at.line;
    const isLast = depth === path.length - 1;
    place = isBelow || (what === 'key' && isLast) ? entry.at : node.at;
  }
  return place;
}

/** The value as plain data; maps keep the order of the file. */
export function plain(tree: Tree): unknown {
  switch (tree.kind) {
    case 'scalar':
      return tree.value;
    case 'list':
      return tree.items.map(plain);
    case 'map':
      return Object.fromEntries([...tree.entries].map(([key, { value }]) => [key, plain(value)]));
  }
}

/** One line about a value, for `found …` in an error. */
export function describe(tree: Tree | undefined): string {
  if (tree === undefined || (tree.kind === 'scalar' && tree.value === null)) return 'nothing';
  if (tree.kind === 'scalar') return shorten(tree.written);
  const flow = asWritten(plain(tree));
  return flow.length <= 60 ? flow : tree.kind === 'list' ? 'a list' : 'a map';
}

/** YAML text of plain data: what is short on one line, everything else in blocks. The same data gives the same text. */
export function yamlText(data: unknown): string {
  const document = new Document(data);
  visit(document, {
    Collection(key, node) {
      if (key !== null && asWritten(node.toJSON()).length <= LINE) node.flow = true;
    },
  });
  return document.toString({ lineWidth: 0 });
}

/** Characters; a row of a tier table fits. */
const LINE = 150;

interface Source {
  readonly document: ReturnType<typeof parseDocument>;
  readonly text: string;
  readonly placeOf: (offset: number) => Place;
  /** Nodes being read, to notice an anchor that contains itself. */
  readonly open: Set<Node>;
}

function treeOf(node: Node | null, source: Source, keyAt?: Place): Tree {
  const at = node?.range ? source.placeOf(node.range[0]) : keyAt!;
  if (node === null) return { kind: 'scalar', at, value: null, written: '' };
  if (isAlias(node)) {
    const target = node.resolve(source.document);
    if (target === undefined || source.open.has(target)) {
      throw unreadable(at, `the alias *${node.source}`, 'an alias of an anchor that ends before it');
    }
    return treeOf(target, source);
  }
  if (isScalar(node)) {
    const { value } = node;
    if (value !== null && !['string', 'number', 'boolean'].includes(typeof value)) {
      throw unreadable(at, `a ${typeof value}`, 'a text, a number, true or false');
    }
    const written = node.range ? source.text.slice(node.range[0], node.range[1]) : '';
    // `key:` with nothing after it has an empty range behind the colon; its key is the better place.
    const place = written === '' && keyAt !== undefined ? keyAt : at;
    return { kind: 'scalar', at: place, value: value as ScalarTree['value'], written };
  }
  source.open.add(node);
  let tree: Tree;
  if (isSeq<Node>(node)) {
    tree = { kind: 'list', at, items: node.items.map((item) => treeOf(item, source, at)) };
  } else {
    const entries = new Map<string, Entry>();
    if (isMap<Node, Node | null>(node)) {
      for (const pair of node.items) {
        const keyPlace = pair.key.range ? source.placeOf(pair.key.range[0]) : at;
        const key = isScalar(pair.key) ? pair.key.value : undefined;
        if ((typeof key !== 'string' && typeof key !== 'number') || key === '__proto__') {
          throw unreadable(keyPlace, 'a key that is not a name', 'a name');
        }
        entries.set(String(key), { at: keyPlace, value: treeOf(pair.value, source, keyPlace) });
      }
    }
    tree = { kind: 'map', at, entries };
  }
  source.open.delete(node);
  return tree;
}

function unreadable(at: Place, found: string, expected: string): ScenarioError {
  return new ScenarioError({ ...at, path: '', found, expected });
}

function syntaxFault({ code, message, pos }: YAMLError | YAMLWarning, text: string) {
  switch (code) {
    case 'DUPLICATE_KEY':
      return {
        found: `${/^[^\s:]*/.exec(text.slice(pos[0]))![0]} for the second time`,
        expected: 'each key once in a map',
        hint: 'Remove one of the two, or give it another name.',
      };
    case 'TAB_AS_INDENT':
      return { found: 'a tab', expected: 'spaces', hint: 'YAML is indented with spaces only.' };
    default:
      return { found: `a syntax error (${message})`, expected: 'YAML' };
  }
}

function shorten(text: string): string {
  const line = text.split('\n', 1)[0];
  return line.length <= 60 && line === text ? line : `${line.slice(0, 57)}…`;
}

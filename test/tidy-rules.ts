import { posix } from 'node:path';
import ts from 'typescript';

/** Source files by path relative to `src`, e.g. `market/order-book.ts`. */
export type Sources = ReadonlyMap<string, string>;

/** A file imports from its own folder or from a folder to its left, types included. */
const LAYERS = [
  'base',
  'kernel',
  'market',
  'accounts',
  'prices',
  'risk',
  'agents',
  'shocks',
  'world',
  'metrics',
  'run',
  'tables',
  'charts',
  'report',
] as const;

/** The layers a replicate's bytes depend on. */
const ENGINE: readonly string[] = LAYERS.slice(0, LAYERS.indexOf('run') + 1);

/** The list of public names: imports any layer. The programs see the layers through it alone. */
const SURFACE = 'index.ts';
const PROGRAMS: readonly string[] = ['cli'];

/** Where a program or a thread begins: the files that need not be imported by anybody. */
const ENTRIES: readonly string[] = [SURFACE, 'cli/main.ts', 'cli/worker.ts', 'cli/validation-worker.ts'];

/** Each library has one door: the files (by the beginning of their path) that may import it. */
const DOORS: Readonly<Record<string, readonly string[]>> = {
  seedrandom: ['base/random.ts'],
  zod: ['base/parameters.ts', 'base/schema.ts'],
  yaml: ['world/yaml-tree.ts'],
  'fastest-levenshtein': ['world/scenario-source.ts'],
  '@stdlib/': ['base/', 'metrics/estimates/'],
  'd3-array': ['metrics/', 'tables/'],
  arquero: ['tables/'],
  hyparquet: ['tables/'],
  'hyparquet-writer': ['tables/'],
  vega: ['charts/'],
  'vega-lite': ['charts/'],
  '@resvg/': ['charts/render.ts'],
  'dejavu-fonts-ttf': ['charts/render.ts'],
  'node:module': ['charts/render.ts', 'cli/'],
  'node:': ['cli/'],
  yargs: ['cli/'],
  piscina: ['cli/'],
  'cli-progress': ['cli/'],
  'cli-table3': ['cli/'],
};

/**
 * The functions of `Math` that have the same bits everywhere. (Timers, `process` and the like need no rule here:
 * they do not compile in the engine.)
 */
const PINNED_MATH = new Set([
  'abs',
  'ceil',
  'clz32',
  'floor',
  'imul',
  'max',
  'min',
  'round',
  'sign',
  'sqrt',
  'trunc',
]);

/** Imports that go to the right in the order of layers, or around the public surface. */
export function wrongWayImports(sources: Sources): string[] {
  return eachImport(sources, (file, target) => {
    if (!target.startsWith('.')) return undefined;
    const to = resolve(file, target);
    const [from, into] = [folderOf(file), folderOf(to)];
    if (file === SURFACE || (from === into && to !== SURFACE)) return undefined;
    if (PROGRAMS.includes(from)) {
      return to === SURFACE ? undefined : `${file} imports ${to}, not through ${SURFACE}`;
    }
    const [here, there] = [rank(from), rank(into)];
    if (here < 0) return `${file} is in no layer`;
    return there >= 0 && there < here ? undefined : `${file} imports ${to}, which is to its right`;
  });
}

/** Libraries imported by a file that is not their door, and libraries without a door. */
export function wrongDoors(sources: Sources): string[] {
  return eachImport(sources, (file, target) => {
    if (target.startsWith('.')) return undefined;
    const doors = doorsOf(target);
    if (doors === undefined) return `${file} imports ${target}, which has no door`;
    return doors.some((door) => file.startsWith(door)) ? undefined : `${file} imports ${target}`;
  });
}

/** Files that no program, thread or public name leads to. */
export function deadFiles(sources: Sources): string[] {
  const alive = new Set<string>();
  const visit = (file: string): void => {
    if (alive.has(file) || !sources.has(file)) return;
    alive.add(file);
    relativeImports(sources, file).forEach(visit);
  };
  ENTRIES.forEach(visit);
  return [...sources.keys()].filter((file) => !alive.has(file));
}

/** Circles of imports, as `a → b → a`. */
export function circles(sources: Sources): string[] {
  const found: string[] = [];
  const closed = new Set<string>();
  const visit = (file: string, path: readonly string[]): void => {
    if (path.includes(file)) {
      found.push([...path.slice(path.indexOf(file)), file].join(' → '));
      return;
    }
    if (closed.has(file)) return;
    for (const next of relativeImports(sources, file)) visit(next, [...path, file]);
    closed.add(file);
  };
  for (const file of sources.keys()) visit(file, []);
  return found;
}

/** The clock, unseeded randomness and functions with engine-dependent bits, used in an engine layer. */
export function bannedCalls(sources: Sources): string[] {
  const found: string[] = [];
  for (const [file, text] of sources) {
    if (!ENGINE.includes(folderOf(file))) continue;
    const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
    const visit = (node: ts.Node): void => {
      if (isBanned(node)) found.push(`${file} uses ${node.getText(source)}`);
      ts.forEachChild(node, visit);
    };
    visit(source);
  }
  return found;
}

/** A variant is known to the catalogue alone. Told by its file: a call of `variant(` outside `base`. */
export function importedVariants(sources: Sources): string[] {
  const isVariant = (file: string): boolean =>
    folderOf(file) !== 'base' && /=\s*variant\s*[(<]/.test(sources.get(file) ?? '');
  return eachImport(sources, (file, target) => {
    if (!target.startsWith('.') || file === 'world/catalogue.ts' || file === SURFACE) return undefined;
    const to = resolve(file, target);
    return isVariant(to) ? `${file} imports the variant ${to}` : undefined;
  });
}

/** Venues are data: no name of theirs stands in the program itself. Comments and `source` strings cite them. */
export function venueNames(sources: Sources): string[] {
  const found: string[] = [];
  for (const [file, text] of sources) {
    const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
    const visit = (node: ts.Node): void => {
      if (ts.isPropertyAssignment(node) && node.name.getText(source) === 'source') return;
      const isWord = ts.isIdentifier(node) || ts.isStringLiteralLike(node) || ts.isTemplateLiteralToken(node);
      if (isWord && (VENUE_NAMES.test(node.text) || VENUE_WORDS.test(node.text)))
        found.push(`${file} says ${node.text}`);
      ts.forEachChild(node, visit);
    };
    visit(source);
  }
  return found;
}

const VENUE_NAMES = /binance|bybit|okx|okex|bitmex|deribit|hyperliquid|dydx|gmx|rage.?trade|vegaprotocol/i;
/** A word too, as in the drift of a price, unless it begins like a name. */
const VENUE_WORDS = /\bDrift\b/;

/** Paths that exist on one machine only, in any text of the repository. */
export function machinePaths(text: string): string[] {
  return [...text.matchAll(/(?<![\w.])\/(?:work|root|home|Users)\/\w[\w/.-]*|\.\.\/shared\b/g)].map(
    ([path]) => path,
  );
}

function eachImport(sources: Sources, judge: (file: string, target: string) => string | undefined): string[] {
  return [...sources].flatMap(([file, text]) =>
    importsOf(text).flatMap((target) => judge(file, target) ?? []),
  );
}

/** Static, dynamic and type imports, and re-exports. */
function importsOf(text: string): string[] {
  return ts.preProcessFile(text, true, true).importedFiles.map(({ fileName }) => fileName);
}

function relativeImports(sources: Sources, file: string): string[] {
  return importsOf(sources.get(file) ?? '')
    .filter((target) => target.startsWith('.'))
    .map((target) => resolve(file, target));
}

function resolve(file: string, target: string): string {
  return posix.normalize(posix.join(posix.dirname(file), target));
}

function folderOf(file: string): string {
  return file.includes('/') ? file.slice(0, file.indexOf('/')) : '';
}

function rank(folder: string): number {
  return (LAYERS as readonly string[]).indexOf(folder);
}

/** The longest name that fits: `node:module` before `node:`. */
function doorsOf(target: string): readonly string[] | undefined {
  const fits = (name: string): boolean =>
    /[:/]$/.test(name) ? target.startsWith(name) : target === name || target.startsWith(`${name}/`);
  const [name] = Object.keys(DOORS)
    .filter(fits)
    .sort((a, b) => b.length - a.length);
  return name === undefined ? undefined : DOORS[name];
}

function isBanned(node: ts.Node): boolean {
  if (
    ts.isPropertyAccessExpression(node) &&
    ts.isIdentifier(node.expression) &&
    node.expression.text === 'Math'
  ) {
    const { text } = node.name;
    return typeof Math[text as keyof Math] === 'function' && !PINNED_MATH.has(text);
  }
  if (!ts.isIdentifier(node) || node.text !== 'Date') return false;
  const { parent } = node;
  const isMember = ts.isPropertyAccessExpression(parent) && parent.name === node;
  return !isMember && !ts.isPropertyAssignment(parent) && !ts.isPropertySignature(parent);
}

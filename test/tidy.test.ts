import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  bannedCalls,
  circles,
  deadFiles,
  importedVariants,
  machinePaths,
  venueNames,
  wrongDoors,
  wrongWayImports,
} from './tidy-rules.ts';

const ROOT = join(import.meta.dirname, '..');
const sources = new Map(
  filesBelow(join(ROOT, 'src'))
    .filter((file) => file.endsWith('.ts'))
    .map((file) => [relative(join(ROOT, 'src'), file).split(sep).join('/'), readFileSync(file, 'utf8')]),
);

describe('the source', () => {
  test('imports go one way through the layers, and the programs use the public surface only', () => {
    expect(wrongWayImports(sources)).toEqual([]);
  });
  test('each library is imported through its door only', () => expect(wrongDoors(sources)).toEqual([]));
  test('a program or a public name leads to every file', () => expect(deadFiles(sources)).toEqual([]));
  test('no imports run in a circle', () => expect(circles(sources)).toEqual([]));
  test('the engine has no clock and no unpinned mathematics', () => expect(bannedCalls(sources)).toEqual([]));
  test('only the catalogue knows the variants', () => expect(importedVariants(sources)).toEqual([]));
  test('no venue is named but in comments and sources', () => expect(venueNames(sources)).toEqual([]));
  test('no text names a path that users do not have', () => {
    const named = filesBelow(ROOT).flatMap((file) =>
      machinePaths(readFileSync(file, 'utf8')).map((path) => `${relative(ROOT, file)}: ${path}`),
    );
    expect(named).toEqual([]);
  });
});

describe('the rules themselves', () => {
  const made = (files: Record<string, string>) => new Map(Object.entries(files));

  test('see an import to the right, even of a type only', () => {
    const bad = made({
      'base/units.ts': "import type { Book } from '../market/book.ts';",
      'market/book.ts': '',
    });
    expect(wrongWayImports(bad)).toEqual(['base/units.ts imports market/book.ts, which is to its right']);
  });
  test('see a command that goes around the public surface, and a layer that uses it', () => {
    const bad = made({
      'cli/main.ts': "import { run } from '../run/batch.ts'; import '../index.ts'; import './table.ts';",
      'run/batch.ts': "export * from '../index.ts';",
    });
    expect(wrongWayImports(bad)).toEqual([
      'cli/main.ts imports run/batch.ts, not through index.ts',
      'run/batch.ts imports index.ts, which is to its right',
    ]);
  });
  test('let pass what goes to the left or stays', () => {
    const good = made({
      'run/batch.ts': "import { a } from '../base/a.ts'; import { b } from './b.ts';",
      'index.ts': "export { a } from './run/batch.ts';",
    });
    expect(wrongWayImports(good)).toEqual([]);
  });
  test('see a library outside its door and one without any', () => {
    const bad = made({
      'world/world.ts': "import seedrandom from 'seedrandom'; import { readFileSync } from 'node:fs';",
      'run/batch.ts': "const left = await import('left-pad');",
      'charts/render.ts': "import { createRequire } from 'node:module'; import * as vega from 'vega';",
      'tables/a.ts': "import * as vegaLite from 'vega-lite/build/src/index.js';",
    });
    expect(wrongDoors(bad)).toEqual([
      'world/world.ts imports seedrandom',
      'world/world.ts imports node:fs',
      'run/batch.ts imports left-pad, which has no door',
      'tables/a.ts imports vega-lite/build/src/index.js',
    ]);
  });
  test('see files that only dead files import', () => {
    const bad = made({ 'index.ts': '', 'base/a.ts': "import './b.ts';", 'base/b.ts': '' });
    expect(deadFiles(bad)).toEqual(['base/a.ts', 'base/b.ts']);
  });
  test('see a circle', () => {
    const bad = made({ 'base/a.ts': "import './b.ts';", 'base/b.ts': "import './a.ts';" });
    expect(circles(bad)).toEqual(['base/a.ts → base/b.ts → base/a.ts']);
  });
  test('see clocks and unpinned mathematics in the engine, but not in words or in a command', () => {
    const bad = made({
      'run/a.ts': 'const x = Math.random() + Math.log(2) + Math.PI; // Math.exp',
      'base/b.ts': 'const at = Date.now(); const ok = { Date: row.Date, name: "Date" };',
      'cli/c.ts': 'console.log(Date.now())',
    });
    expect(bannedCalls(bad)).toEqual([
      'run/a.ts uses Math.random',
      'run/a.ts uses Math.log',
      'base/b.ts uses Date',
    ]);
  });
  test('see a variant that somebody but the catalogue imports', () => {
    const bad = made({
      'shocks/a.ts': 'export const a = variant({ name: "a" });',
      'world/catalogue.ts': "import { a } from '../shocks/a.ts';",
      'world/world.ts': "import { a } from '../shocks/a.ts';",
    });
    expect(importedVariants(bad)).toEqual(['world/world.ts imports the variant shocks/a.ts']);
  });
  test('see the name of a venue in a name or a text, but not in a comment or a source', () => {
    const bad = made({
      'risk/a.ts': "const okxTiers = 1; // OKX\nconst about = 'the ladder of dYdX';",
      'risk/b.ts': "export const b = { name: 'b', source: 'Bybit help', about: 'without drift' }; /** GMX */",
    });
    expect(venueNames(bad)).toEqual(['risk/a.ts says okxTiers', 'risk/a.ts says the ladder of dYdX']);
  });
  test('see machine paths in text, and leave addresses alone', () => {
    const home = ['', 'home', 'me', 'x.ts'].join('/');
    const outside = ['..', 'shared'].join('/');
    expect(machinePaths(`read ${home} and ${outside}/notes.md`)).toEqual([home, outside]);
    const address = ['https://example.org', 'home', 'x'].join('/');
    const inside = ['results', 'work', 'x'].join('/');
    expect(machinePaths(`${address} and ${inside}`)).toEqual([]);
  });
});

/** Texts of the repository: what a clone has, without what is installed or produced. */
function filesBelow(folder: string): string[] {
  const skipped = new Set(['node_modules', '.git', 'dist', 'coverage', 'results', 'package-lock.json']);
  const binary = /\.(?:png|parquet|ttf|ico)$/;
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => !skipped.has(entry.name) && !binary.test(entry.name))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      return entry.isDirectory() ? filesBelow(path) : [path];
    });
}

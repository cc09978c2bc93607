import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { execute, ROOT } from './repository.ts';

const folder = mkdtempSync(join(tmpdir(), 'cascade-notebooks-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('notebooks/blend-limit.mjs finds 1/(1 − wk) and draws it', async () => {
  const { code, said } = await execute(process.execPath, ['notebooks/blend-limit.mjs', folder, '3'], {
    cwd: ROOT,
  });
  expect(code, said).toBe(0);
  const rows = said
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number))
    .filter((row) => row.length === 4 && row.every(Number.isFinite));
  expect(rows).toHaveLength(9);
  // Half a step of the book and a tick of the mark, on a fall of a hundred ticks.
  for (const [k, w, measured] of rows) expect(Math.abs(measured * (1 - w * k) - 1)).toBeLessThan(0.01);
  expect(readFileSync(join(folder, 'blend-limit.svg'), 'utf8')).toMatch(/^<svg[^]*<\/svg>\s*$/);
});

test('notebooks import the public surface only', () => {
  const notebooks = readdirSync(join(ROOT, 'notebooks')).filter((name) => name.endsWith('.mjs'));
  for (const name of notebooks) {
    const imports = [...readFileSync(join(ROOT, 'notebooks', name), 'utf8').matchAll(/from '([^']+)'/g)].map(
      ([, from]) => from,
    );
    expect(imports.filter((from) => from !== 'cascade-lab' && !from.startsWith('node:'))).toEqual([]);
  }
});

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cascadeIn } from './program.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'cascade-validate-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const TWO = ['validate', '--quick', '--power', '--only', 'limit-1', '--only', 'limit-5'];

describe('cascade validate', () => {
  test('writes the same report on any number of workers', { timeout: 120_000 }, async () => {
    const words = await cascadeIn(folder, [...TWO, '--workers', '2', '--out', 'words']);
    const json = await cascadeIn(folder, [...TWO, '--workers', '1', '--out', 'json', '--json']);
    expect(words).toMatchObject({ code: 0, stderr: '' });
    expect(words.stdout).toMatch(/limit-1 .*6 of 6 +holds/);
    expect(words.stdout).toContain('2 checks, none fails');
    const page = (name: string) => readFileSync(join(folder, name, 'validation.md'), 'utf8');
    expect(page('words')).toBe(page('json'));
    expect(page('words')).toMatch(/fall of the touch, 5000 lots \(ticks\) +\| 50 +\| 50 /);
    expect(json.stdout).toBe(readFileSync(join(folder, 'json', 'validation.json'), 'utf8'));
    const { results } = JSON.parse(json.stdout) as {
      results: { id: string; noticed: { misses: number }[] }[];
    };
    expect(results.map(({ id }) => id)).toEqual(['limit-1', 'limit-5']);
    for (const { noticed } of results) expect(noticed.every(({ misses }) => misses > 0)).toBe(true);
  });

  test('refuses an unknown check and a folder of other files', async () => {
    const unknown = await cascadeIn(folder, ['validate', '--only', 'limit-14']);
    expect(unknown).toMatchObject({ code: 1, stdout: '' });
    expect(unknown.stderr).toMatch(/^--only is limit-14, expected one of limit-1, /);
    writeFileSync(join(folder, 'diary.txt'), 'mine');
    const taken = await cascadeIn(folder, ['validate', '--only', 'limit-1', '--out', '.']);
    expect(taken.code).toBe(1);
    expect(taken.stderr).toContain('other files than a report');
  });
});

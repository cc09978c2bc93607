import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cascadeIn } from './program.ts';
import type { Ended } from './program.ts';

let folder: string;
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'cascade-rare-'))));
afterAll(() => rmSync(folder, { recursive: true }));

const rare = (...more: string[]): Promise<Ended> =>
  cascadeIn(folder, ['rare', 'limits/rare-busy-period', ...more]);
const small = ['--score', 'liquidations', '--at', '60', '--runs', '6', '--passes', '2', '--levels', '45'];

describe('cascade rare', { timeout: 60_000 }, () => {
  test('gives the same bytes whatever the workers, and takes up where it was killed', async () => {
    const [one, two] = await Promise.all([
      rare(...small, '--workers', '1', '--out', 'one', '--json'),
      rare(...small, '--workers', '2', '--out', 'two', '--json'),
    ]);
    expect(one.stderr).toBe('');
    expect(one.code).toBe(0);
    expect(two.stdout.replace('"two"', '"one"')).toBe(one.stdout);
    const answers = (out: string): string => readFileSync(join(folder, out, 'answers.ndjson'), 'utf8');
    expect(answers('two')).toBe(answers('one'));
    const { cells, effort } = JSON.parse(one.stdout) as {
      effort: number;
      cells: { n: number; runs: number; estimate: number; passes: { reached: number[] }[] }[];
    };
    expect(effort).toBe(6);
    expect(cells[0]).toMatchObject({ n: 2, seed: '1', levels: [45, null] });
    expect(cells[0].estimate).toBeGreaterThan(0);

    // A journal torn in the middle of its fourth answer.
    const lines = answers('one').split('\n');
    writeFileSync(join(folder, 'two', 'answers.ndjson'), `${lines.slice(0, 4).join('\n')}\n{"key":"0/`);
    const again = await rare(...small, '--workers', '1', '--out', 'two');
    expect(again.stderr).toBe('Going on from 3 finished runs in two\n');
    expect(answers('two')).toBe(answers('one'));
    expect(again.stdout).toContain('P(liquidations ≥ 60)');
    expect(again.stdout).toContain('2 passes with 6 runs a level, seed 1');
    expect(again.stdout).toContain(
      "Student's t on the logarithm, from the scatter of the passes.\nIt assumes independent passes",
    );
  });

  test.each([
    [['--score', 'liquidations'], '--at is missing: which liquidations is the event?'],
    [['--levels', '0.5,0.2'], '--levels is 0.5,0.2, expected rising numbers such as 0.2,0.5,0.8'],
    [['--runs', '1'], '--runs is 1, expected a whole number from 2 to 100000'],
    [['--replicates', '5'], '--replicates: say --runs and --passes here'],
  ])('%j is refused in one line', async (options, message) => {
    expect(await rare(...options)).toEqual({ code: 1, stdout: '', stderr: `${message}\n` });
  });
});

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, test } from 'vitest';
import { cascadeIn } from './program.ts';

const TINY = join(import.meta.dirname, 'tiny.yaml');
let folder: string;
const cascade = (...args: string[]) => cascadeIn(folder, args);
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cascade-warn-'));
  await cascade('run', TINY, '--out', 'run', '--workers', '1', '--json');
});
afterAll(() => rmSync(folder, { recursive: true }));

describe.concurrent('cascade warn', () => {
  test('tells of each sign how well it predicts, and how that was reckoned', async ({ expect }) => {
    const { code, stdout, stderr } = await cascade('warn', 'run', '--folds', '3', '--permutations', '20');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^Severity: excess drawdown, closed less off; severe above its median of \S+ bp/m);
    expect(stdout).toMatch(/^breakable_1pct +−?\d\.\d\d \[/m);
    // No funding rule, no funding rate.
    expect(stdout).toMatch(/^funding_before +– +– /m);
    expect(stdout).not.toContain('NaN');
    expect(stdout).toContain('n = 6 runs: 2 cells of replicates 0 to 2; seed 1 of');
  });

  test('gives the same as JSON, and other folds under another seed', async ({ expect }) => {
    const document = async (...args: string[]) => {
      const { stdout } = await cascade(
        'warn',
        'run',
        '--json',
        '--folds',
        '3',
        '--permutations',
        '20',
        ...args,
      );
      return JSON.parse(stdout) as Record<string, unknown>;
    };
    const found = await document();
    expect(found).toMatchObject({
      ...{ title: 'Tiny', n: 6, cells: 2, replicates: 3, folds: 3, permutations: 20, seed: '1', level: 0.95 },
      severities: [
        { severity: 'excess_drawdown', unit: 'bp' },
        { severity: 'forced_notional', unit: 'quote' },
      ],
    });
    expect(await document('--seed', '2')).not.toEqual({ ...found, seed: '2' });
  });

  test.each([
    [['run'], /at least 5 replicates \(--folds\)/],
    [['run', '--folds', '1'], /--folds is 1, expected a whole number from 2 on/],
    [['.'], /no manifest.json/],
  ])('refuses %j in one line, with 1', async (args, message) => {
    const { code, stdout, stderr } = await cascade('warn', ...args);
    if (code !== 1 || stdout !== '' || stderr.trimEnd().includes('\n') || !message.test(stderr))
      throw new Error(`${code} ${stdout} ${stderr}`);
  });
});

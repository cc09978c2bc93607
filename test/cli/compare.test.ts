import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, test } from 'vitest';
import { cascadeIn, type Ended } from './program.ts';

const TINY = join(import.meta.dirname, 'tiny.yaml');
let folder: string;
let first: Ended;
const compare = (...args: string[]) => cascadeIn(folder, ['compare', ...args]);
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cascade-compare-'));
  first = await compare(TINY, '--out', 'run', '--workers', '1', '--json');
});
afterAll(() => rmSync(folder, { recursive: true }));

describe.concurrent('cascade compare', () => {
  test('runs a scenario first, and compares its designs', ({ expect }) => {
    expect(first).toMatchObject({ code: 0, stderr: '' });
    const document = JSON.parse(first.stdout) as Record<string, unknown>;
    expect(document).toMatchObject({
      ...{ title: 'Tiny', folder: 'run', metric: 'excess_drawdown', axis: 'mark', n: 3, seed: '1' },
      situations: [
        {
          labels: {},
          entrants: [{ design: 'last-trade' }, { design: 'index-only' }],
          differences: [{ left: 'last-trade', right: 'index-only' }],
        },
      ],
    });
  });

  test('says the same of the finished folder, without running it again', async ({ expect }) => {
    expect(await compare('run', '--json')).toEqual(first);
  });

  test('prints ranks, differences and how they were estimated', async ({ expect }) => {
    const { code, stdout } = await compare('run', '--metric', 'drawdown', '--best', 'highest');
    expect(code).toBe(0);
    expect(stdout).toContain('drawdown (bp) by mark, the highest is the best');
    expect(stdout).toMatch(/last-trade − index-only +\S+ +(\[|not bounded)/);
    expect(stdout).toContain('n = 3: replicates 0 to 2 of seed 1');
    expect(stdout).toContain('max-t bootstrap, 4000 resamples');
    expect(stdout).toMatch(/own intervals: Student's t, each by itself; assumes independent replicates/);
  });

  test.each([
    [['run', '--metric', 'drawdwn'], /Did you mean drawdown/],
    [['run', '--axis', 'shock'], /--axis is shock, expected one of mark/],
    [['run', '--level', '95'], /--level is 95, expected a confidence/],
    [['run', '--seed', '3'], /folder of finished results/],
    [['.'], /no manifest.json/],
    [['nowhere.yaml'], /nowhere\.yaml/],
  ])('refuses %j in one line, with 1', async (args, message) => {
    const { code, stdout, stderr } = await compare(...args);
    if (code !== 1 || stdout !== '' || stderr.trimEnd().includes('\n') || !message.test(stderr))
      throw new Error(`${code} ${stdout} ${stderr}`);
  });
});

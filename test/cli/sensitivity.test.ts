import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cascadeIn } from './program.ts';
import type { Ended } from './program.ts';

const TINY = resolve(import.meta.dirname, 'tiny.yaml');

let folder: string;
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'cascade-sensitivity-'))));
afterAll(() => rmSync(folder, { recursive: true }));

const cascade = (...args: string[]): Promise<Ended> => cascadeIn(folder, args);
const tiny = ['sensitivity', TINY, '--set', 'sweep={}'];
const vary = ['--vary', 'shocks.dump.notional=5M..30M', '--vary', 'exchange.mark.every=0.2s..2s:log'];

describe('cascade sensitivity', { timeout: 120_000 }, () => {
  const small = [...vary, '--trajectories', '2', '--rows', '0', '--replicates', '2'];
  test('screens the same whatever the workers, and draws its chart', async () => {
    const [one, two] = await Promise.all([
      cascade(...tiny, ...small, '--workers', '1', '--out', 'one', '--json'),
      cascade(...tiny, ...small, '--workers', '2', '--out', 'two', '--json'),
    ]);
    expect(one).toMatchObject({ code: 0, stderr: '' });
    expect(two.stdout.replace('"two"', '"one"')).toBe(one.stdout);
    const report = JSON.parse(one.stdout) as { screening: { parameter: string; muStar: { n: number } }[] };
    expect(report).toMatchObject({ response: 'excess_drawdown', unit: 'bp', seed: '1', replicates: 2 });
    expect(report.screening.map(({ parameter }) => parameter)).toEqual([
      'shocks.dump.notional',
      'exchange.mark.every',
    ]);
    expect(report.screening[0].muStar.n).toBe(2);
    expect(existsSync(join(folder, 'one/charts/sensitivity.svg'))).toBe(true);
  });

  test('says what was done, with n, interval and seed', async () => {
    const { stderr, stdout } = await cascade(...tiny, ...small, '--out', 'one');
    expect(stderr).toBe('Going on from 12 finished replicates in one\n');
    expect(stdout).toContain('2 trajectories, 95 % BCa intervals over them');
    expect(stdout).toContain('At each point replicates 0 to 1 of seed 1; the intervals are over points');
  });

  test.each([
    [[...tiny, '--vary', 'horizon=2..1'], /^--vary horizon=2..1: expected path=low..high/],
    [[...tiny, '--vary', 'agents.longs.cuont=1..9'], /^--vary agents.longs.cuont: .*cuont/],
    [['sensitivity', TINY, ...vary], /sweeps 2 cells, expected one. Add: --set sweep=\{\}/],
    [[...tiny, ...vary, '--response', 'amplification'], /^--response is amplification, expected/],
  ])('%j is refused in one line', async (args, message) => {
    const { code, stdout, stderr } = await cascade(...args);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(message);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  });
});

describe('cascade channels', { timeout: 120_000 }, () => {
  const sweep = ['--set', 'sweep={ exchange.mark.design: [index-only, last-trade] }', '--replicates', '2'];
  test('makes a factorial of the axes and the arms', async () => {
    const { code, stdout, stderr } = await cascade('channels', TINY, ...sweep, '--out', 'channels', '--json');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const report = JSON.parse(stdout) as {
      channels: { name: string; shapley: { estimate: number } }[];
      total: { estimate: number; n: number };
    };
    expect(report.channels.map(({ name }) => name)).toEqual(['liquidations', 'design=last-trade']);
    const sum = report.channels.reduce((all, { shapley }) => all + shapley.estimate, 0);
    expect(sum).toBeCloseTo(report.total.estimate, 9);
    expect(report.total.n).toBe(2);
    expect(existsSync(join(folder, 'channels/charts/channels.svg'))).toBe(true);
  });

  test('needs two values an axis', async () => {
    const three = '--set=sweep={ shocks.dump.notional: [1M, 2M, 3M] }';
    const { code, stderr } = await cascade('channels', TINY, three);
    expect(code).toBe(1);
    expect(stderr).toContain('expected two values, off and on, on the axis notional, which has 3');
  });
});

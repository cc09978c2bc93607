import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventFrom } from '../../src/cli/risk-team/event.ts';
import { levelsBetween } from '../../src/cli/risk-team/levels.ts';
import { probabilityFrom } from '../../src/cli/risk-team/probability.ts';
import { loadBatch, simulateReplicate, VOCABULARY } from '../../src/index.ts';
import type { MetricRow } from '../../src/index.ts';
import { cascadeIn } from './program.ts';

const WEAK = join(import.meta.dirname, 'weak.yaml');
/** Replicates of the scenario. */
const N = 8;
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'cascade-risk-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const ask = (...args: string[]) => cascadeIn(folder, [...args, '--workers', '1']);

interface Stressed {
  cells: {
    labels: Record<string, string>;
    stress: { n: number; ruin: { estimate: number }; tiers: { tier: number; net: { estimate: number } }[] };
    difference?: { n: number };
    check?: object[];
  }[];
}

const ON_DISK = {
  read: (path: string) => readFileSync(path, 'utf8'),
  resolve: (from: string, relative: string) => resolve(dirname(from), relative),
};

/** The probability of ruin at each value of a path, by running all of them. */
function bruteForce(path: string, values: readonly string[]): number[] {
  const { cells } = loadBatch(WEAK, ON_DISK, VOCABULARY, { set: [`sweep.${path}=[${values.join(', ')}]`] });
  return cells.map(({ scenario }) => {
    const ruined = Array.from({ length: N }, (_, n) => simulateReplicate(scenario, n)[0].metrics.ruin);
    return ruined.reduce((sum, one) => sum + one, 0) / N;
  });
}

describe('the questions of a risk team', { timeout: 180_000 }, () => {
  test('stress compares tables on equal seeds, tier by tier, beside the closed form', async () => {
    const out = join(folder, 'stress');
    const tables = ['--tiers', 'made-up/today', 'made-up/tightened'];
    const { code, stdout, stderr } = await ask('stress', WEAK, ...tables, '--json', '--out', out);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const { cells } = JSON.parse(stdout) as Stressed;
    expect(cells.map(({ labels }) => labels.tiers)).toEqual(['today', 'tightened']);
    expect(cells.map(({ check }) => check?.length)).toEqual([4, 5]);
    expect(cells[0].difference).toBeUndefined();
    expect(cells[1].difference).toMatchObject({ n: N });
    expect(cells[0].stress.tiers.length).toBeGreaterThan(1);
    for (const file of ['stress.json', 'tier-losses.csv', 'charts/tier-losses.svg', 'manifest.json'])
      expect(existsSync(join(out, file)), file).toBe(true);
    expect(JSON.parse(readFileSync(join(out, 'stress.json'), 'utf8'))).toMatchObject({ cells });
  });

  test('break finds the level that running all of them finds', async () => {
    const vary = ['--vary', 'shocks.fall.size', '--from=-0.5%', '--to=-4.5%', '--steps', '4'];
    const { code, stdout } = await ask('break', WEAK, ...vary, '--probability', '50%', '--json');
    expect(code).toBe(0);
    const { levels, cells } = JSON.parse(stdout) as {
      levels: string[];
      cells: { at: string; worse: string; checks: { level: string; counted: { estimate: number } }[] }[];
    };
    const counted = bruteForce('shocks.fall.size', levels);
    expect(cells[0].at).toBe(levels[counted.findIndex((share) => share >= 0.5)]);
    for (const check of cells[0].checks) {
      expect(check.counted.estimate).toBe(counted[levels.indexOf(check.level)]);
    }
  });

  test('break goes the other way where less is worse', async () => {
    const vary = ['--vary', 'exchange.insuranceFund', '--from', '100', '--to', '40k', '--steps', '4'];
    const { stdout } = await ask('break', WEAK, ...vary, '--probability', '50%', '--json');
    const { levels, cells } = JSON.parse(stdout) as {
      levels: string[];
      cells: { at: string; worse: string }[];
    };
    expect(cells[0].worse).toBe('downwards');
    const counted = bruteForce('exchange.insuranceFund', levels);
    expect(cells[0].at).toBe(levels[counted.findLastIndex((share) => share >= 0.5)]);
  });

  test('size-fund runs the fund it finds, and larger ones until ruin is as rare as asked, to what brute force comes to', async () => {
    const { code, stdout } = await ask('size-fund', WEAK, '--ruin', '25%', '--json');
    expect(code).toBe(0);
    const [{ checks, needs }] = (
      JSON.parse(stdout) as {
        cells: { needs: number[]; checks: { fund: number; ruin: { estimate: number } }[] }[];
      }
    ).cells;
    expect(needs).toHaveLength(N);
    // Every fund that was tried is what running it alone comes to; it stops at the first that is enough.
    const tried = [checks[0], checks.at(-1)!];
    const counted = bruteForce('exchange.insuranceFund', [...new Set(tried.map(({ fund }) => `${fund}`))]);
    expect([counted[0], counted.at(-1)]).toEqual(tried.map(({ ruin }) => ruin.estimate));
    expect(checks.slice(0, -1).every(({ ruin }) => ruin.estimate > 0.25)).toBe(true);
  });

  test('a path that is not there is refused with a reason', async () => {
    const { code, stdout, stderr } = await ask(
      ...['break', WEAK, '--vary', 'shocks.fall.sise', '--from=-1%', '--to=-2%'],
    );
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain('sise');
  });
});

describe('what is asked for', () => {
  const between = (from: string, to: string, steps = 4, whole = false) =>
    levelsBetween({ from, to }, { steps, whole });

  test('levels are equal steps, or equal ratios over more than a factor of 8', () => {
    expect(between('1%', '5%')).toEqual(['1%', '2%', '3%', '4%', '5%']);
    expect(between('-1%', '-5%', 2)).toEqual(['-1%', '-3%', '-5%']);
    expect(between('1M', '16M')).toEqual(['1M', '2M', '4M', '8M', '16M']);
    expect(between('500', '1.5k', 2)).toEqual(['500', '1000', '1500']);
    expect(between('500k', '1.5M', 2)).toEqual(['500000', '1000000', '1500000']);
    expect(between('5', '8', 6, true)).toEqual(['5', '6', '7', '8']);
  });

  test('is refused with a reason', () => {
    expect(() => between('1%', '1%')).toThrow('two different values');
    expect(() => between('1s', '1m')).toThrow('write both in the same');
    expect(() => between('much', '1m')).toThrow('--from is much');
    expect(() => eventFrom('rain')).toThrow('--of is rain');
    expect(() => eventFrom('rain>3')).toThrow('--of is rain>3');
    for (const text of ['0', '1', '-3%', 'often'])
      expect(() => probabilityFrom('ruin', text)).toThrow('a probability above 0');
  });

  test('an event may be a bound on a metric', () => {
    const row = { drawdown: 500, fund_minimum: 20_000 } as MetricRow;
    expect(
      ['drawdown>499', 'drawdown>500', 'fund_minimum<20.1k'].map((of) => eventFrom(of).happens(row)),
    ).toEqual([true, false, true]);
  });
});

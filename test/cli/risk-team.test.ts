import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventFrom } from '../../src/cli/risk-team/event.ts';
import { levelsBetween } from '../../src/cli/risk-team/levels.ts';
import { probabilityFrom } from '../../src/cli/risk-team/probability.ts';
import { loadLevels } from '../../src/cli/risk-team/vary.ts';
import { loadBatch, simulateReplicate, VOCABULARY } from '../../src/index.ts';
import type { MarginTable, MetricRow } from '../../src/index.ts';
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

interface SizedFunds {
  cells: {
    needs: number[];
    enough: number | null;
    checks: { fund: number; ruin: { estimate: number } }[];
  }[];
}

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

  test('size-fund finds a fund with which no more are ruined than was asked for, and a smaller one has more', async () => {
    const { code, stdout } = await ask('size-fund', WEAK, '--ruin', '25%', '--json');
    expect(code).toBe(0);
    const [{ checks, needs, enough }] = (JSON.parse(stdout) as SizedFunds).cells;
    expect(needs).toHaveLength(N);
    const found = checks.find(({ fund }) => fund === enough)!;
    // The largest that was tried and is too small is near.
    const tooSmall = checks.filter(({ ruin }) => ruin.estimate > 0.25).map(({ fund }) => fund);
    expect(enough! / Math.max(...tooSmall)).toBeLessThan(1.15);
    const [there, half] = bruteForce('exchange.insuranceFund', [`${found.fund}`, `${found.fund / 2}`]);
    expect(found.ruin.estimate).toBe(there);
    expect(there).toBeLessThanOrEqual(0.25);
    expect(half).toBeGreaterThan(0.25);
  });

  test('a path that is not there is refused with a reason', async () => {
    const { code, stdout, stderr } = await ask(
      ...['break', WEAK, '--vary', 'shocks.fall.sise', '--from=-1%', '--to=-2%'],
    );
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain('sise');
  });
});

const OPTIONS = {
  scenario: WEAK,
  set: [],
  replicates: 1,
  seed: undefined,
  workers: 1,
  out: undefined,
  json: true,
  quiet: true,
};

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

  test('levels of a tier keep their order when they fall and some are whole numbers', () => {
    const asked = { vary: 'tiers.2.leverage', from: '25', to: '20', steps: 2 };
    const { levels, batch, groups } = loadLevels({ ...OPTIONS, ...asked });
    expect(levels).toEqual(['25', '22.5', '20']);
    const leverages = groups[0].cells.map((cell) => {
      const { tiers } = batch.cells[cell].scenario.exchange.margin.parameters as { tiers: MarginTable };
      return tiers.rule === 'marginal-tiers' && tiers.table.tiers[1].maxLeverage;
    });
    expect(leverages).toEqual([25, 22.5, 20]);
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

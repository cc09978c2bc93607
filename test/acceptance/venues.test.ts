import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { AuditedRun } from './auditor.ts';
import { batchOf, FOLDER, scenarioFrom } from './laboratory.ts';

const filesIn = (folder: string): string[] =>
  readdirSync(join(FOLDER, folder))
    .filter((name) => name.endsWith('.yaml'))
    .sort();
const PRESETS = filesIn('venues');
const POPULATIONS = filesIn('populations');
const textOf = (file: string): string => readFileSync(join(FOLDER, file), 'utf8');

/** A population that is small, and a fall and a sale that break some of it. */
const small = (preset: string, population: string): object => ({
  title: preset,
  about: 'A few seconds under the rules of one venue.',
  seed: preset,
  warmUp: '5s',
  horizon: '25s',
  extends: [`venues/${preset}`, `populations/${population}`],
  agents: {
    makers: { count: 2, levels: 6, depthScale: 0.05 },
    holders: { count: 250, openInterest: '100M', largestShare: '5%' },
    hedged: { count: 40 },
  },
  shocks: {
    fall: { kind: 'price-jump', at: '2s', size: '-15%', over: '10s' },
    sale: { kind: 'sell-program', at: '2s', notional: '3M', over: '10s' },
  },
});

describe.each(POPULATIONS)('the presets with %s', (population) => {
  test.each(PRESETS)('%s: money and positions are conserved after every event of a fall', (preset) => {
    const scenario = scenarioFrom(small(preset, population));
    const { world, events } = new AuditedRun(scenario, { kind: 'closed' });
    expect(events).toBeGreaterThan(1000);
    expect(world.recorder.liquidations).toBeGreaterThan(2);
  });
});

test.each(PRESETS)('%s says at its head of when its rules are, or that they are nobody’s', (preset) => {
  const [head] = textOf(`venues/${preset}`).split(/^[a-z]/m);
  expect(head).toMatch(/\b20\d\d\b|^# No venue/m);
});

describe('any preset stands in for any other', () => {
  test.each(PRESETS)('%s has rules alone, for a contract of the same price and tick', (preset) => {
    const keys = Object.keys(parse(textOf(`venues/${preset}`)) as object);
    expect(keys.filter((key) => !['extends', 'contract', 'index', 'exchange'].includes(key))).toEqual([]);
    const { contract } = scenarioFrom(small(preset, POPULATIONS[0]));
    expect(contract).toMatchObject({
      price: 100_000,
      tick: 0.1,
      lot: contract.kind === 'inverse' ? 1 : 0.001,
    });
  });

  test.each(PRESETS)('%s in a scenario of another, by a change of one line', (preset) => {
    const name = 'mark-designs.yaml';
    const text = textOf(name);
    const swapped = text.replace('venues/binance-btcusdt.yaml', `venues/${preset}`);
    const changed = swapped.split('\n').filter((line, i) => line !== text.split('\n')[i]);
    expect(changed.length).toBeLessThanOrEqual(1);
    const fewer = [
      'agents.holders.count=50',
      'agents.hedged.count=10',
      'sweep.shocks.dump.notional=[20M]',
      'expect=[]',
    ];
    expect(batchOf(name, fewer, { [name]: swapped }).cells).toHaveLength(5);
  });
});

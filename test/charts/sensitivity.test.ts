import { Ajv } from 'ajv';
import formats from 'ajv-formats';
import { createRequire } from 'node:module';
import { describe, expect, test } from 'vitest';
import { RandomSource } from '../../src/base/random.ts';
import { rowsOf } from '../../src/charts/chart-data.ts';
import { channelChart } from '../../src/charts/channels.ts';
import { toSvg } from '../../src/charts/render.ts';
import { sensitivityChart } from '../../src/charts/sensitivity.ts';
import { factorialEffects } from '../../src/metrics/sensitivity/factorial.ts';
import { analyse } from '../../src/run/sensitivity/analysis.ts';

const ROOT = new RandomSource('charts');
const common = { title: 'Made up', seed: 'demo', unit: 'bp' };
const names = ['exchange.mark.window', 'shocks.dump.notional', 'agents.makers.skew'];

const noise = ROOT.stream('noise');
const model = ([a, b, c]: readonly number[]) =>
  Promise.resolve(Float64Array.from({ length: 3 }, () => 90 * a + 60 * a * b + 2 * c + 3 * noise.normal()));
const analysis = await analyse(model, { parameters: 3, trajectories: 10, keep: 2, rows: 60 }, ROOT);
const inputs = { ...common, names, analysis, response: 'excess_drawdown', replicates: 3 };
const effects = factorialEffects(
  ['liquidations', 'withdrawal'],
  [0, 30, 10, 90].map((mean) => Float64Array.from({ length: 8 }, () => mean + noise.normal())),
  ROOT.stream('intervals'),
);
const specs = {
  sensitivity: sensitivityChart(inputs),
  'screening only': sensitivityChart({ ...inputs, analysis: { ...analysis, indices: undefined } }),
  channels: channelChart({ ...common, metric: 'drawdown', effects }),
};

describe('charts of sensitivity', () => {
  test('are valid Vega-Lite, drawn the same twice', async () => {
    const ajv = new Ajv({ strict: false });
    formats.default(ajv);
    ajv.addFormat('color-hex', /^#[0-9a-fA-F]{6}$/);
    const validate = ajv.compile(createRequire(import.meta.url)('vega-lite/vega-lite-schema.json') as object);
    for (const [name, spec] of Object.entries(specs)) {
      validate(JSON.parse(JSON.stringify(spec)));
      expect(validate.errors ?? [], name).toEqual([]);
      expect(await toSvg(spec), name).toBe(await toSvg(spec));
    }
  });

  test('show every parameter screened and both indices of the survivors, with intervals', () => {
    const rows = rowsOf(specs.sensitivity);
    const morris = rows.filter(({ panel }) => panel === 'morris');
    expect(morris.map(({ parameter }) => parameter)).toEqual(names);
    const [first] = morris;
    expect(first.value).toBe(analysis.screening[0].muStar.estimate);
    expect(first.low as number).toBeLessThan(first.value as number);
    const sobol = rows.filter(({ panel }) => panel === 'sobol');
    expect(sobol.map(({ parameter, index }) => `${String(parameter)} ${String(index)}`)).toEqual(
      [names[0], names[1]].flatMap((name) => [`${name} first`, `${name} total`]),
    );
    expect(rowsOf(specs['screening only']).every(({ panel }) => panel === 'morris')).toBe(true);
  });

  test('say n, interval, seed and the share that is the seed’s', () => {
    const text = JSON.stringify(specs.sensitivity.title);
    expect(text).toContain('95 % BCa intervals over 10 trajectories and over 60 rows · 3 replicates a point');
    expect(text).toContain("the seed's own share of the variance of one replicate: ");
    expect(text).toContain('Made up · seed demo');
  });

  test('of channels have a bar each, whose shares add up to the whole', () => {
    const rows = rowsOf(specs.channels);
    expect(rows.map(({ channel }) => channel)).toEqual(['liquidations', 'withdrawal']);
    expect(rows.reduce((sum, { share }) => sum + (share as number), 0)).toBeCloseTo(1, 12);
    const text = JSON.stringify(specs.channels.title);
    expect(text).toContain('8 pairs a channel setting · 95 % BCa intervals');
    expect(text).toContain('Made up · seed demo');
  });
});

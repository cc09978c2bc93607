import { Ajv } from 'ajv';
import formats from 'ajv-formats';
import { createRequire } from 'node:module';
import { compile, type TopLevelSpec } from 'vega-lite';
import { beforeAll, describe, expect, test } from 'vitest';
import { numberOf } from '../../src/charts/axes.ts';
import { cascadeMap } from '../../src/charts/cascade-map.ts';
import { dataCsv, rowsOf, withData } from '../../src/charts/chart-data.ts';
import type { ChartInputs } from '../../src/charts/chart.ts';
import { CHARTS } from '../../src/charts/index.ts';
import { toPng, toSvg } from '../../src/charts/render.ts';
import { timeline } from '../../src/charts/timeline.ts';
import { summaryTable } from '../../src/tables/summary.ts';
import { madeUpInputs } from './made-up-charts.ts';
import { madeUpMaps, madeUpTimeline } from './made-up-timeline.ts';

const inputs = madeUpInputs();
const specOf = (name: string, of: ChartInputs = inputs): TopLevelSpec | undefined =>
  CHARTS.find((chart) => chart.name === name)!.spec(of);
const specs = CHARTS.map(({ name }) => [name, specOf(name)!] as const);
/** Batches of other shapes, in which a chart may have to look different. */
const shapes = {
  'one shock': madeUpInputs({ shocks: ['20M'], replicates: 5 }),
  'one design': madeUpInputs({ designs: { local: 0.5 }, shocks: ['1M', '5M', '40M'], replicates: 5 }),
  'one replicate': madeUpInputs({ replicates: 1 }),
  'shocks with names': madeUpInputs({ shocks: ['10M', 'spot'], replicates: 5 }),
};

describe('every chart', () => {
  let isValid: (spec: unknown) => string[];
  beforeAll(() => {
    const schema = createRequire(import.meta.url)('vega-lite/vega-lite-schema.json') as object;
    const ajv = new Ajv({ strict: false });
    formats.default(ajv);
    ajv.addFormat('color-hex', /^#[0-9a-fA-F]{6}$/);
    const validate = ajv.compile(schema);
    // As JSON, the form in which it is written to a file.
    isValid = (spec) => {
      validate(JSON.parse(JSON.stringify(spec)));
      return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
    };
  });

  test('has a name and a sentence of its own', () => {
    expect(new Set(CHARTS.map(({ name }) => name)).size).toBe(CHARTS.length);
    expect(CHARTS.every(({ about }) => about.length > 20)).toBe(true);
  });

  test('is a valid Vega-Lite specification, with its data inline or beside it', () => {
    for (const [name, spec] of specs) {
      expect(isValid(spec), name).toEqual([]);
      expect(isValid(withData(spec, `./${name}.csv`)), name).toEqual([]);
      expect(spec.$schema).toBe('https://vega.github.io/schema/vega-lite/v6.json');
    }
    expect(isValid({ ...specs[0][1], layer: [{ mark: 'dot' }] })).not.toEqual([]);
  });

  test('is valid and can be drawn for batches of every shape', async () => {
    for (const [shape, of] of Object.entries(shapes))
      for (const { name } of CHARTS) {
        const spec = specOf(name, of);
        // One design has nobody to be ranked with, and a heat map needs two axes.
        const isMissing =
          (shape === 'one design' && name === 'ranking') ||
          (['one design', 'one shock'].includes(shape) && name === 'heat-map');
        expect(spec === undefined, `${name}, ${shape}`).toBe(isMissing);
        if (spec === undefined) continue;
        expect(isValid(spec), `${name}, ${shape}`).toEqual([]);
        expect(await toSvg(spec), `${name}, ${shape}`).toMatch(/^<svg /);
      }
  });

  test('names only fields that its data have', () => {
    for (const [name, spec] of specs) {
      const known = new Set([...Object.keys(rowsOf(spec)[0]), ...madeByTransforms(spec)]);
      expect(
        fieldsIn(spec).filter((field) => !known.has(field)),
        name,
      ).toEqual([]);
    }
  });

  test('says from which scenario, seed and how many runs it is', () => {
    for (const [name, spec] of specs) {
      const { subtitle } = spec.title as { subtitle: string[] };
      const text = subtitle.join('\n');
      expect(text, name).toContain('Five mark designs under a sell program · seed demo');
      expect(text, name).toMatch(/\d+ (pairs|replicates|liquidations)/);
    }
  });

  test('compiles without a warning', () => {
    const warnings: unknown[] = [];
    const logger = { level: () => logger, error: keep, warn: keep, info: keep, debug: keep };
    function keep(...message: unknown[]): typeof logger {
      warnings.push(...message);
      return logger;
    }
    const all = [inputs, ...Object.values(shapes)].flatMap((of) =>
      CHARTS.flatMap((chart) => chart.spec(of) ?? []),
    );
    for (const spec of all) compile(spec, { logger: logger });
    expect(warnings).toEqual([]);
  });

  test('is drawn the same twice, whether from inline rows or from the CSV', async () => {
    for (const [name, spec] of specs) {
      const svg = await toSvg(spec);
      expect(await toSvg(specOf(name)!), name).toBe(svg);
      const { data, ...rest } = withData(spec, './x.csv') as TopLevelSpec & {
        data: { url: string; format: object };
      };
      const fromCsv = { ...rest, data: { name: 'rows', values: dataCsv(spec), format: data.format } };
      expect(await toSvg(fromCsv as TopLevelSpec), name).toBe(svg);
    }
  });

  test('is left out when there is nothing to show', () => {
    const closedOnly = { ...madeUpInputs({ arms: ['closed'], replicates: 2 }) };
    const { timeline: _, cascadeMaps: __, ...withoutRuns } = closedOnly;
    const drawn = CHARTS.filter((chart) => chart.spec(withoutRuns) !== undefined).map(({ name }) => name);
    expect(drawn).toEqual([
      'drawdown-survival',
      'generations',
      'cluster-sizes',
      'loss-waterfall',
      'lateness',
    ]);
  });
});

describe('amplification over the size of the shock', () => {
  test('has the sizes as numbers, labelled as they were written', () => {
    const rows = rowsOf(specOf('dose-response')!);
    expect(rows).toHaveLength(15);
    expect(rows[2]).toMatchObject({ design: 'index', size: 4e7, size_label: '40M', n: 40, amplification: 1 });
    const text = JSON.stringify(specOf('dose-response'));
    expect(text).toContain('"values":[10000000,20000000,40000000]');
    expect(text).toContain('datum.value === 20000000 ? \\"20M\\"');
  });

  test('draws no interval that is not bounded, and says so', () => {
    const spec = specOf('dose-response', shapes['one replicate'])!;
    expect(rowsOf(spec).every(({ low, high }) => low === null && high === null)).toBe(true);
    expect(JSON.stringify(spec.title)).toContain('none drawn: not bounded');
  });

  test('without sizes is a point a design', () => {
    const rows = rowsOf(specOf('dose-response', shapes['shocks with names'])!);
    expect(rows.map(({ design }) => design).slice(0, 3)).toEqual([
      'index · 10M',
      'index · spot',
      'median · 10M',
    ]);
    expect(rows[0].size).toBeUndefined();
  });
});

describe('amplification of cells that have not converged', () => {
  test('is ringed, and the caption says how many are', () => {
    const strict = { ...inputs, summary: summaryTable(inputs.runs, { seed: 'demo', targets: () => TIGHT }) };
    const spec = specOf('dose-response', strict)!;
    const open = rowsOf(spec).filter(({ converged }) => converged === false).length;
    expect(open).toBeGreaterThan(0);
    expect(JSON.stringify(spec.title)).toContain(`ringed: not converged (${open} of 15)`);
    expect(JSON.stringify(specOf('convergence', strict)!.title)).toContain(
      `${open} of 15 cells: not converged`,
    );
    expect(JSON.stringify(specOf('dose-response')!.title)).not.toContain('ringed');
  });
  const TIGHT = { amplification: { relative: 0.01 } };
});

describe('the ranking', () => {
  const rows = rowsOf(specOf('ranking')!);

  test('has the best design of each situation first, and the others against it', () => {
    expect(rows).toHaveLength(15);
    expect(rows[0]).toMatchObject({
      ...{ situation: 'shock 10M', design: 'index', rank: 1, best: true, worse: 0, low: null, n: 40 },
    });
    for (const { worse, low, high } of rows.filter(({ best }) => best === false)) {
      expect(low as number).toBeLessThan(worse as number);
      expect(high as number).toBeGreaterThan(worse as number);
    }
  });

  test('names interval, number of differences and pairs', () => {
    expect(JSON.stringify(specOf('ranking')!.title)).toContain(
      '40 pairs a design on equal seeds · 95 % max-t bootstrap, all 30 differences at once',
    );
  });

  test('ranks within each shock even when the shocks are names', () => {
    expect(
      new Set(rowsOf(specOf('ranking', shapes['shocks with names'])!).map(({ situation }) => situation)),
    ).toEqual(new Set(['shock 10M', 'shock spot']));
  });
});

describe('the survival of the drawdown', () => {
  test('falls from all replicates to one', () => {
    const rows = rowsOf(specOf('drawdown-survival')!).slice(0, 40);
    expect(rows[0]).toMatchObject({ design: 'index', size: '10M', share: 1, n: 40 });
    expect(rows.at(-1)).toMatchObject({ share: 1 / 40 });
    const falls = rows.map(({ drawdown }) => drawdown as number);
    expect(falls).toEqual(falls.toSorted((a, b) => a - b));
    expect(rows.every(({ share, low, high }) => low! <= share! && share! <= high!)).toBe(true);
  });

  test('draws bands of a few designs only, and says so', () => {
    expect(JSON.stringify(specOf('drawdown-survival')!.title)).toContain('bands of 5 designs');
    expect(JSON.stringify(specOf('drawdown-survival', shapes['one design'])!.title)).toContain(
      '95 % mid-P intervals at each step',
    );
  });
});

describe('the convergence', () => {
  test('ends where the summary is', () => {
    const rows = rowsOf(specOf('convergence')!).filter(({ cell }) => cell === 14);
    const summary = (inputs.summary.objects() as Record<string, number>[])[14];
    expect(rows[0]).toMatchObject({ n: 5 });
    expect(rows.at(-1)).toMatchObject({
      n: 40,
      amplification: summary.amplification,
      low: summary.amplification_low,
      high: summary.amplification_high,
      correlation: summary.correlation,
    });
  });

  test('has at most thirty points a line', () => {
    const many = madeUpInputs({ designs: { local: 0.5 }, shocks: ['1M', '5M'], replicates: 300 });
    const rows = rowsOf(specOf('convergence', many)!);
    expect(rows).toHaveLength(2 * 30);
    expect(rows.at(-1)!.n).toBe(300);
  });
});

describe('the number that a label stands for', () => {
  test.each([
    ['20M', 2e7],
    ['0.5', 0.5],
    ['5%', 0.05],
    ['30bp', 0.003],
    ['50ms', 50_000],
    ['sell-program size=1.5B', 1.5e9],
    ['index', undefined],
    ['', undefined],
  ])('%s is %s', (label, value) => expect(numberOf(label)).toBe(value));
});

describe('the timeline', () => {
  const rows = (seconds: number) => rowsOf(timeline.spec({ ...inputs, timeline: madeUpTimeline(seconds) })!);

  test('counts time from the shock and leaves out a path that is absent', () => {
    expect(rows(700)[0]).toMatchObject({ time_s: -600, fundamental: null });
    expect(JSON.stringify(specOf('timeline'))).toContain('"fold":["mid","mark","index"]');
  });

  test('is thinned without losing the extremes of the mid, a liquidation or forced flow', () => {
    const { detail } = madeUpTimeline(2_400);
    const shown = rows(2_400);
    const mid = detail.paths.mid as Float64Array;
    expect(shown.length).toBeLessThanOrEqual(1_200);
    expect(Math.min(...shown.map((row) => row.mid as number))).toBe(Math.min(...mid));
    expect(Math.max(...shown.map((row) => row.mid as number))).toBe(Math.max(...mid));
    expect(shown.reduce((sum, { liquidations }) => sum + (liquidations as number), 0)).toBe(
      detail.liquidations.time_s.length,
    );
    const forced = shown.reduce(
      (sum, row, i) =>
        i === 0
          ? 0
          : sum + (row.forced_rate as number) * ((row.time_s as number) - (shown[i - 1].time_s as number)),
      0,
    );
    const total = (detail.paths.forced_notional as Float64Array).at(-1)!;
    expect(forced / total).toBeCloseTo(1, 10);
  });
});

describe('the cascade map', () => {
  const of = (replicates: number) => cascadeMap.spec({ ...inputs, cascadeMaps: madeUpMaps(replicates) })!;
  const below = rowsOf(of(12)).filter(({ side }) => side === 'longs');

  test('is the ratio of the sums over the replicates in each bin, from the furthest below the mark on', () => {
    const { maps } = madeUpMaps(12);
    const sum = (name: 'broken' | 'absorbing', bin: number) =>
      maps.reduce((total, map) => total + map[name][bin], 0);
    for (const [i, row] of below.toReversed().entries()) {
      expect(row.at).toBeCloseTo(-(i + 0.5) / 500, 12);
      if (i >= 8) expect(row).toMatchObject({ k: null, low: null, high: null, critical: true });
      else {
        expect(row.k as number).toBeCloseTo(sum('broken', i) / sum('absorbing', i), 12);
        expect(row.critical).toBe(sum('broken', i) > sum('absorbing', i));
        expect(row.low! <= row.k! && row.k! <= row.high!).toBe(true);
      }
    }
  });

  test('adds fuel and depth up from the mark', () => {
    const [furthest] = below;
    const total = (field: string) => below.reduce((sum, row) => sum + (row[field] as number), 0);
    expect(furthest.fuel_sum).toBeCloseTo(total('fuel'), 6);
    expect(furthest.depth_sum).toBeCloseTo(total('depth'), 6);
  });

  test('names n and the interval; of one replicate there is none', () => {
    expect(JSON.stringify(of(12).title)).toContain(
      'n = 12 replicates, 0 to 11 · ratio of means with 95 % Fieller intervals, bin by bin',
    );
    expect(JSON.stringify(of(1).title)).toContain('n = 1, replicate 0 alone: no interval');
    expect(rowsOf(of(1)).every(({ low, high }) => low === null && high === null)).toBe(true);
  });

  test('is not drawn where nobody would break', () => {
    const empty = madeUpMaps(1).maps.map((map) => ({ ...map, fuel: map.fuel.map(() => 0) }));
    expect(cascadeMap.spec({ ...inputs, cascadeMaps: { ...madeUpMaps(1), maps: empty } })).toBeUndefined();
  });
});

describe('a PNG', () => {
  test('is made of the drawing, with the fonts of a package', async () => {
    const png = await toPng(await toSvg(specOf('dose-response')!));
    if (png.bytes === undefined) expect(png.reason).toContain('@resvg/resvg-js');
    else expect([...png.bytes.slice(1, 4)]).toEqual([...'PNG'].map((c) => c.charCodeAt(0)));
  });
});

/** All values of `field` anywhere in a specification. */
function fieldsIn(part: unknown): string[] {
  if (Array.isArray(part)) return part.flatMap(fieldsIn);
  if (typeof part !== 'object' || part === null) return [];
  return Object.entries(part).flatMap(([key, value]) =>
    key === 'values' ? [] : key === 'field' && typeof value === 'string' ? [value] : fieldsIn(value),
  );
}

/** All names that transforms of a specification add. */
function madeByTransforms(part: unknown): string[] {
  if (Array.isArray(part)) return part.flatMap(madeByTransforms);
  if (typeof part !== 'object' || part === null) return [];
  return Object.entries(part).flatMap(([key, value]) =>
    key === 'values' ? [] : key === 'as' ? [value as string | string[]].flat() : madeByTransforms(value),
  );
}

import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, expectTypeOf, it } from 'vitest';
import {
  choice,
  count,
  describeParameter,
  distribution,
  duration,
  flag,
  money,
  real,
  share,
  text,
  variant,
  weights,
  type Parameter,
} from '../../src/base/parameters.ts';
import { check, map } from '../../src/base/schema.ts';

const about = 'for the test';

function read<Value>(schema: Parameter<Value>, written: unknown): Value {
  const result = check(schema, written);
  if ('faults' in result) throw new Error(`refused: ${result.faults[0].expected}`);
  return result.value;
}

function refusal(schema: Parameter<unknown>, written: unknown): string {
  const result = check(schema, written);
  if (!('faults' in result)) throw new Error(`accepted as ${String(result.value)}`);
  const { expected, hint } = result.faults[0];
  return hint === undefined ? expected : `${expected} | ${hint}`;
}

describe('quantities are written with units and come out as numbers', () => {
  it.each([
    ['250us', 250],
    ['50ms', 50_000],
    ['1s', 1_000_000],
    ['1.5s', 1_500_000],
    ['20m', 20 * 60 * 1_000_000],
    ['8h', 8 * 3_600 * 1_000_000],
    ['2d', 2 * 86_400 * 1_000_000],
    ['0.1s', 100_000],
    ['0s', 0],
    ['1 s', 1_000_000],
  ])('the duration %s is %d microseconds', (written, micros) => {
    expect(read(duration({ about }), written)).toBe(micros);
  });

  it.each([
    ['20M', 20e6],
    ['500k', 500e3],
    ['1.5B', 1.5e9],
    ['0.07M', 70_000],
    [2500, 2500],
    [0.5, 0.5],
  ])('the money %s is %d', (written, value) => {
    expect(read(money({ about }), written)).toBe(value);
  });

  it.each([
    ['0.4%', 0.004],
    ['30bp', 0.003],
    ['0.07%', 0.0007],
    [0.004, 0.004],
    ['-10%', -0.1],
    ['100%', 1],
  ])('the share %s is %d', (written, value) => {
    expect(read(share({ about }), written)).toBe(value);
  });

  it.each([
    [8, 8],
    ['10k', 10_000],
    ['1.5k', 1_500],
    ['2M', 2_000_000],
  ])('the count %s is %d', (written, value) => {
    expect(read(count({ about }), written)).toBe(value);
  });

  property.prop([fc.integer({ min: 0, max: 1e9 })])('a share in basis points is the nearest double', (n) => {
    expect(read(share({ about }), `${n}bp`)).toBe(Number(`${n}e-4`));
  });

  property.prop([fc.integer({ min: 0, max: 1e9 })])('a duration in milliseconds is exact', (n) => {
    expect(read(duration({ about }), `${n}ms`)).toBe(n * 1000);
  });
});

describe('what is not a quantity is refused with what would be', () => {
  it.each([
    [duration({ about }), 3, /duration.*Write a unit: us, ms, s, m, h or d/],
    [duration({ about }), '3', /Write a unit/],
    [duration({ about }), '3 sec', /The units are .* not "sec"/],
    [duration({ about }), '0.5us', /whole number of microseconds/],
    [duration({ about }), '-1s', /at least 0s/],
    [duration({ about, min: '1s', max: '1h' }), '2h', /^at least 1s, at most 1h$/],
    [money({ about }), '20m', /suffixes are k, M, B, not "m"/],
    [money({ about }), '2500', /Remove the quotes/],
    [money({ about }), -1, /at least 0/],
    [money({ about }), NaN, /an amount of money/],
    [money({ about }), Infinity, /an amount of money/],
    [money({ about, above: 0 }), 0, /^above 0$/],
    [share({ about }), '4 percent', /suffixes are %, bp/],
    [share({ about, max: '100%' }), '101%', /at most 100%/],
    [count({ about }), '8', /Remove the quotes/],
    [count({ about }), 1.5, /a whole number/],
    [count({ about }), '0.0001k', /a whole number/],
    [real({ about }), '1', /Remove the quotes/],
    [real({ about }), '1s', /without a unit/],
    [real({ about }), [1], /a number/],
    [choice(['long', 'short'], { about }), 'up', /one of long, short/],
    [flag({ about }), 'yes', /true or false.*Write true/],
    [flag({ about }), 1, /true or false/],
    [text({ about }), ' ', /a text/],
    [text({ about }), 5, /a text/],
    [duration({ about }), undefined, /a duration/],
  ])('case %#', (schema, written, message) => {
    expect(refusal(schema as Parameter<unknown>, written)).toMatch(message);
  });

  it('an inherited property is not a unit', () => {
    expect(refusal(money({ about }), '5constructor')).toMatch(/not "constructor"/);
  });
});

describe('weights', () => {
  it('are a map from names to numbers', () => {
    expect(read(weights({ about }), { alpha: 3, beta: 0 })).toEqual({ alpha: 3, beta: 0 });
  });
  it.each([
    [5, /map from names to weights/],
    [['alpha'], /map from names to weights/],
    [{}, /one above 0/],
    [{ alpha: 0 }, /one above 0/],
    [{ alpha: -1 }, /^a number, at least 0$/],
    [{ alpha: '1' }, /^a number, at least 0$/],
  ])('%j are none', (written, expected) => {
    expect(refusal(weights({ about }), written)).toMatch(expected);
  });
});

describe('a distribution', () => {
  const number = (o = {}) => distribution({ of: 'number', about, ...o });

  it('is a checked literal', () => {
    expect(read(number(), 3)).toEqual({ kind: 'constant', value: 3 });
    expect(read(number(), { uniform: [1, 5] })).toEqual({ kind: 'uniform', from: 1, to: 5 });
    expect(read(number(), { normal: { mean: -1, sd: 2 } })).toEqual({ kind: 'normal', mean: -1, sd: 2 });
    expect(read(number(), { exponential: { mean: 3 } })).toEqual({ kind: 'exponential', mean: 3 });
    expect(read(number(), { pareto: { from: 7, alpha: 1.8 } })).toEqual({
      kind: 'pareto',
      from: 7,
      alpha: 1.8,
    });
    expect(read(number(), { empirical: [1, 2, 5] })).toEqual({ kind: 'empirical', values: [1, 2, 5] });
    expect(
      read(number(), {
        mixture: [
          [0.7, { lognormal: { median: 8, sigma: 0.9 } }],
          [0.3, 60],
        ],
        within: [1, 100],
      }),
    ).toEqual({
      kind: 'truncated',
      from: 1,
      to: 100,
      of: {
        kind: 'mixture',
        parts: [
          { weight: 0.7, of: { kind: 'lognormal', median: 8, sigma: 0.9 } },
          { weight: 0.3, of: { kind: 'constant', value: 60 } },
        ],
      },
    });
  });

  it('of durations or money has units on its values, not on its shapes', () => {
    const delay = distribution({ of: 'duration', about });
    expect(read(delay, { lognormal: { median: '80ms', sigma: 0.5 } })).toEqual({
      kind: 'lognormal',
      median: 80_000,
      sigma: 0.5,
    });
    expect(read(delay, { uniform: ['1ms', '2s'] })).toEqual({ kind: 'uniform', from: 1_000, to: 2_000_000 });
    expect(refusal(delay, { uniform: [1, 2] })).toMatch(/Write a unit/);
    expect(read(distribution({ of: 'money', about }), { pareto: { from: '1k', alpha: 0.9 } })).toEqual({
      kind: 'pareto',
      from: 1_000,
      alpha: 0.9,
    });
  });

  it('keeps every value within its bounds', () => {
    const leverage = number({ min: 1, max: 125 });
    expect(refusal(leverage, { lognormal: { median: 8, sigma: 1 } })).toMatch(
      /at least 1, at most 125.*Add within/,
    );
    expect(refusal(leverage, 0.5)).toBe('at least 1, at most 125');
    expect(refusal(leverage, { lognormal: { median: 8, sigma: 1 }, within: [0.5, 100] })).toMatch(
      /every value/,
    );
    expect(read(leverage, { lognormal: { median: 8, sigma: 1 }, within: [1, 125] })).toMatchObject({
      from: 1,
      to: 125,
    });
    expect(refusal(distribution({ of: 'duration', about }), { normal: { mean: '1s', sd: '1s' } })).toMatch(
      /at least 0s/,
    );
    expect(read(number({ above: 0 }), { lognormal: { median: 8, sigma: 1 } })).toMatchObject({
      kind: 'lognormal',
    });
  });

  it.each([
    [{ uniform: [5, 1] }, ['uniform'], /from below to/],
    [{ uniform: [1] }, ['uniform'], /pair/],
    [{ lognormal: { median: 8 } }, ['lognormal'], /a map { median: …, sigma: … }/],
    [{ lognormal: { median: 8, sigma: -1 } }, ['lognormal', 'sigma'], /at least 0/],
    [{ lognormal: { median: 0, sigma: 1 } }, ['lognormal', 'median'], /above 0/],
    [{ lognormal: { median: 8, sigma: 1, mu: 2 } }, ['lognormal', 'mu'], /one of median, sigma/],
    [{ lognromal: {} }, ['lognromal'], /one of lognormal, normal/],
    [{ uniform: [1, 2], normal: { mean: 1, sd: 1 } }, [], /a distribution such as/],
    [{ mixture: [[0, 1]] }, ['mixture', 0, 0], /above 0/],
    [{ mixture: [1] }, ['mixture', 0], /a pair \[weight, distribution\]/],
    [{ mixture: [] }, ['mixture'], /a list of/],
    [{ mixture: [[0.5, { uniform: ['a', 2] }]] }, ['mixture', 0, 1, 'uniform', 0], /a number/],
    [{ empirical: [] }, ['empirical'], /a list of values/],
    [{ uniform: [1, 2], within: [3, 4] }, ['within'], /has values/],
    [[1, 2], [], /a distribution such as/],
    [{ within: [1, 2] }, [], /a distribution such as/],
  ])('is refused at the place of the fault: %j', (written, path, message) => {
    const result = check(number(), written);
    expect(result).toMatchObject({ faults: [{ path }] });
    expect(refusal(number(), written)).toMatch(message);
  });
});

describe('a variant', () => {
  const ema = variant({
    name: 'ema',
    about: 'A moving average.',
    parameters: {
      window: duration({ default: '30s', min: '1s', about: 'length' }),
      weight: share({ about: 'of the book' }),
      cap: money({ about: 'largest' }).optional(),
      side: choice(['long', 'short'], { default: 'long', about: 'which' }),
    },
    create(parameters, parts: { readonly start: number }) {
      expectTypeOf(parameters.window).toEqualTypeOf<number>();
      expectTypeOf(parameters.side).toEqualTypeOf<'long' | 'short'>();
      expectTypeOf(parameters.cap).toEqualTypeOf<number | undefined>();
      return parts.start + parameters.window;
    },
  });
  const schema = map(ema.parameters, { about });

  it('takes defaults for absent keys and requires the others', () => {
    expect(read(schema, { weight: '50%' })).toEqual({ window: 30_000_000, weight: 0.5, side: 'long' });
    expect(check(schema, {})).toMatchObject({ faults: [{ path: ['weight'] }] });
    expect(check(schema, { weight: 0.5, side: undefined })).toMatchObject({ value: { side: 'long' } });
  });

  it('refuses unknown keys with the known ones', () => {
    expect(check(schema, { weight: 1, windw: '1s' })).toMatchObject({
      faults: [{ path: ['windw'], isKey: true, known: ['window', 'weight', 'cap', 'side'] }],
    });
  });

  it('describes its parameters in the words of a user', () => {
    const [window, weight, cap, side] = Object.values(ema.parameters).map(describeParameter);
    expect(window).toEqual({
      kind: 'duration',
      unit: 'us',
      about: 'length',
      default: '30s',
      optional: false,
      range: 'at least 1s',
    });
    expect(weight).toEqual({ kind: 'share', unit: 'fraction of 1', about: 'of the book', optional: false });
    expect(cap).toMatchObject({ kind: 'money', optional: true, range: 'at least 0' });
    expect(side).toMatchObject({ kind: 'choice', choices: ['long', 'short'], default: 'long' });
    const leverage = distribution({ of: 'number', default: { uniform: [1, 5] }, about });
    expect(describeParameter(leverage)).toMatchObject({
      kind: 'distribution',
      default: '{ uniform: [1, 5] }',
    });
  });

  it('with a wrong default is our bug', () => {
    expect(() => duration({ default: '0s', min: '1s', about })).toThrow(/default 0s/);
    expect(() => money({ min: 'x', about })).toThrow(/bound x/);
  });
});

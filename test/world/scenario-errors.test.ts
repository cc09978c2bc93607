import { describe, expect, it } from 'vitest';
import { GOOD, problemOf, TIERS } from '../fixtures/scenarios/files.ts';

/** The good scenario with one thing changed. */
function changed(from: string, to: string): string {
  expect(GOOD).toContain(from);
  return GOOD.replace(from, to);
}
/** The good scenario with lines added; the first of them is line 25. */
const added = (text: string) => GOOD + text;

describe('a malformed scenario is refused with the place and what was expected', () => {
  it.each<
    [name: string, text: () => string, line: number, column: number, ...fragments: (string | RegExp)[]]
  >([
    [
      'a number without a unit',
      () => changed('at: 5m', 'at: 5'),
      24,
      35,
      'shocks.dump.at: found 5',
      'Write a unit',
    ],
    ['a wrong unit', () => changed('horizon: 20m', 'horizon: 20min'), 3, 10, 'found 20min', 'not "min"'],
    [
      'a duration where money belongs',
      () => changed('depth: 12M', 'depth: 12s'),
      18,
      33,
      'found 12s',
      'k, M, B',
    ],
    [
      'a text for a number',
      () => changed('count: 8k', 'count: "8"'),
      21,
      12,
      'found "8"',
      'Remove the quotes',
    ],
    [
      'a number for a text',
      () => changed('title: Test', 'title: 2020'),
      1,
      8,
      'found 2020',
      'a text',
      'quotes',
    ],
    ['a negative depth', () => changed('depth: 12M', 'depth: -12M'), 18, 33, 'found -12M', 'at least 0'],
    [
      'a price of zero',
      () => changed('price: 60000', 'price: 0'),
      4,
      43,
      'contract.price: found 0',
      'above 0',
    ],
    ['a price below the tick', () => changed('price: 60000', 'price: 0.01'), 4, 43, 'at least one tick, 0.1'],
    ['a horizon of zero', () => changed('horizon: 20m', 'horizon: 0s'), 3, 10, 'found 0s', 'at least 1s'],
    ['NaN', () => changed('tick: 0.1', 'tick: .nan'), 4, 19, 'found .nan', 'a number'],
    ['infinity', () => changed('price: 60000', 'price: .inf'), 4, 43, 'found .inf', 'a number'],
    [
      'a parameter out of its range',
      () => changed('window: 10s', 'window: 2h'),
      11,
      44,
      'at least 1s, at most 1h',
    ],
    [
      'an unknown key',
      () => changed('window: 10s', 'windw: 10s'),
      11,
      36,
      'unknown key windw',
      'one of design, every, window',
      'Did you mean window?',
    ],
    [
      'an unknown key that leaves another missing',
      () => changed('  mark: {', '  mrak: {'),
      11,
      3,
      'exchange.mrak',
      'Did you mean mark?',
    ],
    ['an unknown key on top', () => added('shock: {}\n'), 25, 1, 'unknown key shock', 'Did you mean shocks?'],
    [
      'a parameter of another variant',
      () => changed('window: 10s', 'localWeight: 0.5'),
      11,
      36,
      'unknown key localWeight',
    ],
    [
      'an unknown variant',
      () => changed('kind: holder', 'kind: holdr'),
      20,
      11,
      'found holdr',
      'one of maker, holder',
      'Did you mean holder?',
    ],
    [
      'no variant',
      () => changed('{ process: gbm }', '{}'),
      5,
      14,
      'fundamental.process: found nothing',
      'one of constant, gbm',
    ],
    ['a variant that is no map', () => changed('{ process: gbm }', 'gbm'), 5, 14, 'found gbm', 'a map'],
    [
      'a list for a map',
      () => changed('funding: { rule: none }', 'funding: [none]'),
      16,
      12,
      'found [none]',
      'a map',
    ],
    ['a map for a list', () => added('expect: { a: b }\n'), 25, 9, 'found { a: b }', 'a list'],
    ['a missing key', () => changed('title: Test\n', ''), 1, 1, 'title: found nothing', 'a text'],
    [
      'a missing parameter',
      () => changed(', notional: 40M', ''),
      24,
      9,
      'shocks.dump.notional: found nothing',
      'an amount of money',
    ],
    [
      'a key without a value',
      () => changed('kind: holder', 'kind:'),
      20,
      5,
      'found nothing',
      'one of maker, holder',
    ],
    ['a duplicate key', () => changed('beta: {}', 'alpha: {}'), 8, 3, 'found alpha for the second time'],
    ['a tab', () => changed('  beta: {}', '\tbeta: {}'), 8, 1, 'a tab', 'spaces'],
    ['an unclosed bracket', () => changed('{ rule: none }', '{ rule: none'), 17, 1, 'syntax error', 'YAML'],
    ['an empty file', () => '', 1, 1, 'an empty file', 'a map of settings'],
    ['a file of remarks', () => '# nothing\n', 1, 1, 'an empty file'],
    ['a file that is a list', () => '- title: x\n', 1, 1, 'found [{ title: x }]', 'a map of settings'],
    ['two documents', () => added('---\ntitle: other\n'), 25, 1, 'syntax error', 'YAML'],
    ['an unknown tag', () => changed('title: Test', 'title: !secret Test'), 1, 8, 'syntax error'],
    ['an anchor inside itself', () => changed('feeds:', 'feeds: &f\n  gamma: *f'), 7, 10, 'the alias *f'],
    [
      'a name with capitals',
      () => changed('  beta:', '  Beta:'),
      8,
      3,
      'found Beta',
      'lower-case letters, digits and hyphens',
    ],
    ['a feed called local', () => changed('  beta:', '  local:'), 8, 3, "the exchange's own mid"],
    [
      'weights for an unknown feed',
      () => changed('beta: 1 }', 'bata: 1 }'),
      9,
      31,
      'index.weights.bata',
      'one of alpha, beta, local',
      'Did you mean beta?',
    ],
    [
      'an unknown index rule',
      () => changed('index: {', 'index: { rule: mean,'),
      9,
      16,
      'index.rule: found mean',
      'one of clipped-mean, median',
    ],
    [
      'a parameter of another index rule',
      () => changed('index: {', 'index: { rule: median, clip: 1%,'),
      9,
      24,
      'the unknown key clip',
    ],
    [
      'weights that are all zero',
      () => changed('alpha: 2, beta: 1', 'alpha: 0'),
      9,
      19,
      'found { alpha: 0 }',
      'a weight above 0',
    ],
    [
      'a distribution beyond its bounds',
      () => changed(', within: [1, 100]', ''),
      22,
      15,
      'at least 1',
      'Add within',
    ],
    [
      'a fault inside a distribution',
      () => changed('sigma: 0.9', 'sigma: -1'),
      22,
      48,
      'leverage.lognormal.sigma: found -1',
      'at least 0',
    ],
    [
      'a tier table that does not exist',
      () => changed('tiers.json', 'tears.json'),
      12,
      20,
      'found tears.json',
      'a file that can be read',
    ],
    [
      'tiers that are no table',
      () => changed('tiers: tiers.json', 'tiers: 5'),
      12,
      20,
      'found 5',
      'the path of a tier table',
    ],
    [
      'a falling rate in inline tiers',
      () =>
        changed(
          'tiers: tiers.json',
          'tiers: [{ minNotional: 0, maxNotional: 5, maintenanceMarginRate: 1%, maxLeverage: 9 }, { minNotional: 5, maxNotional: null, maintenanceMarginRate: 0.5%, maxLeverage: 9 }]',
        ),
      12,
      160,
      'maintenanceMarginRate 0.005 in tier 2',
      'at least 0.01',
    ],
    [
      'atMost below atLeast',
      () => added('measure:\n  replicates: { atLeast: 40, atMost: 20 }\n'),
      26,
      38,
      'found 20',
      'at least atLeast, 40',
    ],
    [
      'an unknown arm',
      () => added('measure: { arms: [off, open] }\n'),
      25,
      24,
      'measure.arms[1]: found open',
      'one of off, open-loop, closed',
    ],
    ['an arm twice', () => added('measure: { arms: [off, off] }\n'), 25, 24, 'each arm once'],
    ['no arm', () => added('measure: { arms: [] }\n'), 25, 18, 'found []', 'at least one arm'],
    [
      'open-loop without off',
      () => added('measure: { arms: [open-loop, closed] }\n'),
      25,
      18,
      'off beside open-loop',
    ],
    [
      'a precision that is none',
      () => added('measure: { replicates: { until: { amplification: 5% } } }\n'),
      25,
      50,
      'found 5%',
      'within 5%',
    ],
    [
      'a precision in a unit that the metric has not',
      () => added('measure: { replicates: { until: { ruin: within 2bp } } }\n'),
      25,
      41,
      'found within 2bp',
      'within 1pp',
    ],
    [
      'a precision of two shares of the estimate',
      () => added('measure: { replicates: { until: { amplification: within 5% or 2% } } }\n'),
      25,
      50,
      'found within 5% or 2%',
      'within 0.05',
    ],
    [
      'a precision of an unknown metric',
      () => added('measure: { replicates: { until: { amplifcation: within 5% } } }\n'),
      25,
      35,
      'Did you mean amplification?',
    ],
    ['a shock after the end', () => changed('at: 5m', 'at: 25m'), 24, 35, 'found 25m', 'before the horizon'],
    [
      'extends of a missing file',
      () => added('extends: [none.yaml]\n'),
      25,
      11,
      'found none.yaml',
      'a file that can be read',
    ],
    ['extends of a map', () => added('extends: { a: b }\n'), 25, 10, 'the path of a scenario file'],
    ['a file that extends itself', () => added('extends: s.yaml\n'), 25, 10, 's.yaml → s.yaml'],
    ['a sweep that is a list', () => added('sweep: [seed]\n'), 25, 8, 'a map from paths to lists'],
    [
      'an empty sweep list',
      () => added('sweep:\n  seed: []\n'),
      26,
      9,
      'sweep.seed: found an empty list',
      'a list of values',
    ],
    [
      'a sweep over a single value',
      () => added('sweep: { seed: 5 }\n'),
      25,
      16,
      'found 5',
      'a list of values',
    ],
    [
      'a sweep over an unknown path',
      () => added('sweep: { exchange.marc: [1] }\n'),
      25,
      10,
      'unknown key marc',
      'Did you mean mark?',
    ],
    [
      'a sweep over an unknown shock',
      () => added('sweep: { shocks.dmp.at: [1s] }\n'),
      25,
      10,
      'found dmp',
      'one of dump in shocks',
      'Did you mean dump?',
    ],
    [
      'a sweep through a number',
      () => added('sweep: { horizon.x: [1s] }\n'),
      25,
      10,
      'found horizon = 20m',
      'a map at horizon',
    ],
    [
      'a sweep beyond a list',
      () => added('sweep: { agents.longs.leverage.within.2: [1] }\n'),
      25,
      10,
      'found 2',
      'one of 0, 1',
    ],
    [
      'a wrong value in a sweep',
      () => added('sweep:\n  shocks.dump.notional:\n    - 10M\n    - 20Q\n'),
      28,
      7,
      'shocks.dump.notional: found 20Q',
    ],
    [
      'a wrong parameter in a sweep',
      () => added('sweep:\n  exchange.mark: [{ design: last-trade, window: 1s }]\n'),
      26,
      41,
      'exchange.mark.window',
    ],
    [
      'a sweep over a file that is not there',
      () => added('sweep:\n  extends.venue: { one: none.yaml }\n'),
      26,
      25,
      'sweep.extends.venue.one: found none.yaml',
      'a file that can be read',
    ],
    [
      'a sweep over the scenario itself',
      () => added('sweep:\n  extends.venue: [s.yaml]\n'),
      26,
      19,
      'sweep.extends.venue.s: found a circle',
    ],
    [
      'a sweep over a number for a file',
      () => added('sweep:\n  extends.venue: { one: 5 }\n'),
      26,
      25,
      'sweep.extends.venue.one: found 5, expected the path of a scenario file',
    ],
    [
      'a sweep over a single file',
      () => added('sweep:\n  extends.venue: tiers.json\n'),
      26,
      18,
      'sweep.extends.venue: found tiers.json',
      'a list of files, or a map from labels to files',
    ],
    [
      'a file twice in a sweep',
      () => added('sweep:\n  extends.venue: [tiers.json, tiers.json]\n'),
      26,
      31,
      'tiers.json again',
    ],
    [
      'a value twice in a sweep',
      () => added('sweep: { seed: [1, 2, 1] }\n'),
      25,
      23,
      'found 1 for the second time',
    ],
    [
      'an expectation of an unknown metric',
      () => added('expect:\n  - amplifcation < 2\n'),
      26,
      5,
      'amplifcation in',
      'one of drawdown, ruin',
      'Did you mean amplification?',
    ],
    [
      'an expectation of an unknown label',
      () => added('sweep: { seed: [1, 2] }\nexpect: ["ruin[seed=3] < 1%"]\n'),
      26,
      10,
      '3 in "ruin[seed=3] < 1%"',
      'a value of seed: one of 1, 2',
    ],
  ])('%s', (_, text, line, column, ...fragments) => {
    const { message, ...problem } = problemOf(text());
    expect(message).toMatch(new RegExp(`^s\\.yaml:${line}:${column} `));
    expect(problem).toMatchObject({ file: 's.yaml', line, column });
    for (const fragment of fragments) expect(message).toMatch(fragment);
  });
});

describe('a fault is reported in the file that it was written in', () => {
  const extending = { 's.yaml': 'extends: base/b.yaml\nseed: 2\n', 'base/tiers.json': TIERS };

  it('also through extends', () => {
    const base = changed('count: 8k', 'count: many');
    expect(problemOf({ ...extending, 'base/b.yaml': base })).toMatchObject({
      file: 'base/b.yaml',
      line: 21,
      column: 12,
    });
  });

  it('at the file that takes part in a circle', () => {
    const problem = problemOf({ ...extending, 'base/b.yaml': 'extends: ../s.yaml\n' });
    expect(problem).toMatchObject({ file: 'base/b.yaml', line: 1, column: 10 });
    expect(problem.found).toBe('a circle: s.yaml → base/b.yaml → s.yaml');
  });

  it('in a tier table at its row', () => {
    const gap = TIERS.replace('"minNotional":50000', '"minNotional":60000').replaceAll(
      '{"tier"',
      '\n{"tier"',
    );
    const problem = problemOf({ 's.yaml': GOOD, 'tiers.json': gap });
    expect(problem).toMatchObject({
      file: 'tiers.json',
      line: 3,
      column: 25,
      path: 'exchange.margin.tiers.tiers[1].minNotional',
      found: 'minNotional 60000 (a gap) in tier 2',
    });
  });

  it('and the first file comes first', () => {
    const texts = {
      ...extending,
      's.yaml': 'extends: base/b.yaml\nseed: []\n',
      'base/b.yaml': changed('count: 8k', 'count: many'),
    };
    expect(problemOf(texts)).toMatchObject({ file: 's.yaml', line: 2, path: 'seed' });
  });

  it('says so when the scenario itself is missing', () => {
    expect(problemOf({ other: '' })).toMatchObject({ file: 's.yaml', line: 0, found: 'no such file' });
  });
});

describe('a fault on the command line names the setting', () => {
  it.each([
    ['horizon', 'path=value'],
    ['horizon=5', 'Write a unit'],
    ['exchange.marc.window=5s', 'Did you mean mark?'],
    ['agents.lngs.count=5', 'Did you mean longs?'],
    ['seed.x=5', 'unknown key seed|a map at seed|seed: found'],
    ['agents.longs={ kind: holdr }', 'Did you mean holder?'],
    ['exchange.margin.tiers=none.json', 'a file that can be read'],
    ['horizon=[', 'YAML'],
    ['horizon=', 'settings'],
  ])('%s', (setting, fragment) => {
    const { file, message } = problemOf(GOOD, [setting]);
    expect(file).toBe(`--set ${setting}`);
    expect(message).toMatch(new RegExp(fragment));
  });
});

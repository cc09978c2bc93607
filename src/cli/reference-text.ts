import {
  catalogue,
  CHARTS,
  describeParameter,
  DETAIL_COLUMNS,
  ESTIMANDS,
  jsonSchema,
  METRICS,
  scenarioKeys,
  SUMMARY_COLUMNS,
  VOCABULARY,
} from '../index.ts';
import type { AnyVariant, ParameterDescription } from '../index.ts';
import { code, markdownTable } from './markdown.ts';

/** The reference page: made of the program alone, so that it cannot say anything else than the program does. */
export function referenceText(): string {
  return (
    [
      '# Reference',
      'This page is made by `cascade reference`; edit the descriptions in the source instead. The guides are in [README.md](README.md).',
      ...QUANTITIES,
      '## Scenario file',
      'A key without a default is required, in the file itself or in one that it extends. `<name>` is a name of your choice: lower-case letters, digits and hyphens. A key that names a variant takes the parameters of that variant beside it; they are listed below.',
      keysTable(),
      ...SWEEP_AND_EXPECT,
      ...GROUPS.flatMap(groupSection),
      '## Metrics',
      'One row of these numbers for each cell, replicate and arm, in `runs.parquet`. `bp` is of the local mid when the measurement begins (of mark and index for their own drawdowns): with the first shock, or after the warm-up when there is none. Every metric is also an estimand: its mean in the closed arm (for `ruin`, a probability).',
      namesTable('metric', METRICS),
      '## Estimands',
      'Estimated from the replicates of a cell, paired over the arms. These and the metrics may stand under `expect` and `measure.replicates.until`.',
      namesTable('estimand', ESTIMANDS),
      '## Result files',
      'What each file of a results folder holds is told in [batch.md](batch.md). A number that is not defined or an end that nothing bounds is `null` in JSON and empty in CSV.',
      '### `runs.parquet`',
      'One row for each cell, replicate and arm. After these columns, one for each metric above.',
      namesTable('column', RUN_COLUMNS),
      '### `summary.csv`, `summary.json`',
      'One row a cell: `cell`, one column for each axis of the sweep, then these. Ratios have the interval of Fieller in `_low`, `_high` and of the BCa bootstrap in `_bca_low`, `_bca_high`; means that of Student, quantiles two order statistics, probabilities the mid-P interval or the rule of three. All at 95 %.',
      namesTable('column', SUMMARY_COLUMNS),
      '### `paths.parquet`',
      'One run, sampled: by `cascade run` the one of the timeline chart, by `cascade replay` the one asked for.',
      namesTable('column', DETAIL_COLUMNS.paths),
      '### `liquidations.parquet`',
      'The liquidations of that run, in the order in which they began.',
      namesTable('column', DETAIL_COLUMNS.liquidations),
      '### `cascade-map.parquet`',
      'Written by `cascade replay` only: fuel over book just before the shock, as the chart `cascade-map` draws it.',
      namesTable('column', DETAIL_COLUMNS.cascadeMap),
      '### `events.parquet`',
      'Written by `cascade replay` only: every event and every fill of the run, in order.',
      namesTable('column', DETAIL_COLUMNS.events),
      '### `charts/`',
      'Each as `.svg`, `.png`, `.vl.json` (Vega-Lite) and `.csv` (its data). A chart without anything to show is left out.',
      markdownTable(
        ['chart', 'about'],
        CHARTS.map(({ name, about }) => [code(name), about]),
      ),
      '',
    ]
      .join('\n\n')
      .trimEnd() + '\n'
  );
}

/** In the order of a scenario file. */
const GROUPS: readonly {
  readonly key: keyof typeof catalogue;
  readonly title: string;
  readonly at: string;
}[] = [
  { key: 'fundamental', title: 'Fundamental processes', at: 'fundamental.process' },
  { key: 'index', title: 'Index rules', at: 'index.rule' },
  { key: 'trading', title: 'Trading venues', at: 'exchange.trading.venue' },
  { key: 'mark', title: 'Mark designs', at: 'exchange.mark.design' },
  { key: 'margin', title: 'Margin rules', at: 'exchange.margin.rule' },
  { key: 'liquidation', title: 'Liquidation policies', at: 'exchange.liquidation.policy' },
  { key: 'adl', title: 'ADL rankings', at: 'exchange.adl.ranking' },
  { key: 'waterfall', title: 'Triggers of the waterfall', at: 'exchange.waterfall.trigger' },
  { key: 'keepers', title: 'Keepers', at: 'exchange.keepers.kind' },
  { key: 'funding', title: 'Funding rules', at: 'exchange.funding.rule' },
  { key: 'priceLimits', title: 'Price limits', at: 'exchange.priceLimits.rule' },
  { key: 'halts', title: 'Halts', at: 'exchange.halts.rule' },
  { key: 'agents', title: 'Agents', at: 'agents.<name>.kind' },
  { key: 'shocks', title: 'Shocks', at: 'shocks.<name>.kind' },
];

const QUANTITIES = [
  '## Quantities',
  markdownTable(
    ['kind', 'written as', 'becomes'],
    [
      ['duration', '`250us` `50ms` `30s` `20m` `8h` `2d`; never a bare number', 'whole microseconds'],
      ['money', '`2500` `500k` `20M` `1.5B`', 'quote currency'],
      ['share', '`0.4%` `30bp` `0.004`', 'fraction of 1'],
      ['count', '`40` `10k`', 'whole number'],
      ['number', '`1.5`', 'number'],
      ['weights', '`{ alpha: 3, beta: 2 }`', 'weight by name, relative to the others'],
      ['path', '`[[10s, -3%], [2m, -1%]]`', 'time and share of each point, times rising'],
      ['numbers', '`[1.85, 1.51, 1.09]`', 'numbers in this order; one is enough'],
      ['distribution', 'a value, or one of the forms below', 'drawn anew each time'],
    ],
  ),
  'Distributions: `{ lognormal: { median: 8, sigma: 0.9 } }`, `{ normal: { mean: 0, sd: 1 } }`, `{ uniform: [1, 5] }`, `{ exponential: { mean: 3 } }`, `{ pareto: { from: 7, alpha: 1.8 } }` with P(X > x) = (from/x)^alpha, `{ empirical: [1, 2, 5] }`, and `{ mixture: [[0.7, …], [0.3, …]] }` of any of them. `within: [1, 100]` beside any of them redraws what falls outside. In a distribution of durations or money the values carry their units.',
];

const SWEEP_AND_EXPECT = [
  '`extends` merges the files it names, later ones over earlier ones and the file itself over all; a map that names another variant replaces what it extends as a whole. `sweep` maps dotted paths to lists of values, or to maps from labels to values; every combination is a cell. An axis is called by the last part of its path. An axis `extends.<name>`, as `extends.venue: { one: venues/one.yaml, other: venues/other.yaml }`, runs the scenario as if it extended each of these files, before all that it extends anyway.',
  'A line of `expect` has the form `metric[axis=label] < bound at 95%`. On either side stands a metric or an estimand; on the right also a number, with a unit that fits (`1%`, `200bp`, `20M`, `90s`). An axis that is not named stands for each of its values. The line holds when the whole interval of left less right lies on the expected side.',
];

const RUN_COLUMNS = [
  { name: 'cell', unit: '', about: 'number of the cell' },
  { name: '<axis>', unit: '', about: 'one column for each axis of the sweep: the label of its value' },
  { name: 'replicate', unit: '', about: 'number of the replicate, from 0' },
  { name: 'arm', unit: '', about: 'off, open-loop or closed' },
  { name: 'fingerprint', unit: '', about: 'hash over every event of the run' },
  {
    name: 'prefix_fingerprint',
    unit: '',
    about: 'hash over the events before the first account broke: equal in all arms of a replicate',
  },
];

function keysTable(): string {
  const { extends: files, sweep } = jsonSchema(VOCABULARY).properties as Readonly<
    Record<string, { readonly description: string }>
  >;
  return markdownTable(
    ['key', 'kind', 'default', 'range', 'about'],
    [
      [code('extends'), 'path or list', 'none', '', files.description],
      ...scenarioKeys(VOCABULARY).map(({ path, about, optional, parameter, variants, standard }) => {
        if (variants !== undefined)
          return [
            code(path),
            'variant',
            standard === undefined ? 'required' : code(standard),
            variants.map(code).join(' '),
            about || 'names the variant',
          ];
        if (parameter === undefined) {
          const need = optional ? 'none' : path.endsWith('<name>') ? '' : 'required';
          return [code(path), 'map', need, '', about];
        }
        return [code(path), ...parameterCells(parameter)];
      }),
      [code('sweep'), 'map', 'none', '', sweep.description],
    ],
  );
}

function groupSection({ key, title, at }: (typeof GROUPS)[number]): string[] {
  const variants: readonly AnyVariant[] = Object.values(VOCABULARY[key]);
  return [`## ${title}`, `Named by ${code(at)}.`, ...variants.flatMap(variantSection)];
}

function variantSection({ name, about, source, parameters }: AnyVariant): string[] {
  const rows = Object.entries(parameters).map(([parameter, of]) => [
    code(parameter),
    ...parameterCells(describeParameter(of)),
  ]);
  return [
    `### ${code(name)}`,
    about,
    ...(source === undefined ? [] : [`Source: ${source}.`]),
    rows.length === 0
      ? 'It has no parameters.'
      : markdownTable(['parameter', 'kind', 'default', 'range', 'about'], rows),
  ];
}

type Cells = Omit<ParameterDescription, 'kind'> & { readonly kind: string };

/** Kind, default, range, sentence. */
function parameterCells({ kind, unit, default: standard, optional, range, choices, about }: Cells): string[] {
  return [
    kind === 'distribution' ? `distribution (${unit})` : kind,
    standard === undefined ? (optional ? 'none' : 'required') : code(standard),
    choices?.map(code).join(' ') ?? range ?? '',
    about,
  ];
}

function namesTable(
  head: string,
  rows: readonly { readonly name: string; readonly unit: string; readonly about: string }[],
): string {
  return markdownTable(
    [head, 'unit', 'about'],
    rows.map(({ name, unit, about }) => [code(name), unit, about]),
  );
}

import { layoutOf } from './axes.ts';
import { type Chart, type ChartRow, chartRows, type Panel } from './chart.ts';
import { by, designAxis, frame, heading, moneyAxis, pairsText, percent, source } from './theme.ts';

/** The steps of the waterfall after an account's own margin, in their order. */
const STEPS = [
  { field: 'fund_gained', title: 'paid into the fund' },
  { field: 'fund_used', title: 'paid out by the fund' },
  { field: 'adl_notional', title: 'notional closed by ADL' },
  { field: 'socialised_loss', title: 'loss shared by winners' },
] as const;

/** Where a pool takes part; below zero when the providers paid. */
const POOL_STEP = { field: 'lp_against_holding', title: 'made by liquidity providers' } as const;

/** Who paid, by design: the fund, deleveraged winners, all winners; the providers of a pool, against holding, if there is one. */
export const lossWaterfall: Chart = {
  name: 'loss-waterfall',
  about: 'who paid: fees into the fund, the fund, auto-deleveraged winners, all winners, by design',
  spec(inputs) {
    const { dose, designs, designOf, designTitle } = layoutOf(inputs.summary);
    const all = chartRows(inputs.summary);
    const steps = all.some((row) => Boolean(row[POOL_STEP.field])) ? [...STEPS, POOL_STEP] : STEPS;
    const rows = all
      .filter(({ fund_used }) => fund_used !== null)
      .map((row): ChartRow => ({
        design: designOf(row),
        size: dose ? row[dose.axis] : '',
        n: row.n,
        ...Object.fromEntries(
          steps
            .flatMap(({ field }) => [field, `${field}_low`, `${field}_high`])
            .map((name) => [name, row[name]]),
        ),
      }));
    if (rows.length === 0) return undefined;
    const sizes = dose?.labels ?? [''];
    const legend = dose ? { title: dose.axis } : null;
    return {
      ...frame(rows, {
        title: `Who paid${by(designTitle)}`,
        lines: [
          'means of the closed arm in quote currency · each panel has its own scale',
          `${pairsText(rows, 'replicates a bar')} · ${percent(inputs.level)} t intervals`,
          source(inputs),
        ],
      }),
      hconcat: steps.map((step, i) => panel(step, { designs, sizes, legend, first: i === 0 })),
      spacing: 18,
    };
  },
};

function panel(
  { field, title }: (typeof STEPS)[number] | typeof POOL_STEP,
  {
    designs,
    sizes,
    legend,
    first,
  }: {
    designs: readonly string[];
    sizes: readonly string[];
    legend: { title: string } | null;
    first: boolean;
  },
): Panel {
  const y = designAxis(designs, { labels: first });
  const yOffset = { field: 'size', type: 'nominal', sort: [...sizes] } as const;
  return {
    title: heading(title),
    width: 170,
    height: { step: 13, for: 'offset' },
    layer: [
      {
        mark: { type: 'bar' },
        encoding: {
          y,
          yOffset,
          x: { field, type: 'quantitative', title: 'quote', axis: moneyAxis(4) },
          color: {
            field: 'size',
            type: 'ordinal',
            sort: [...sizes],
            scale: { scheme: { name: 'blues', extent: [0.2, 1] } },
            legend,
          },
        },
      },
      {
        // No amount but the providers' is below zero, though the t interval of a rare one may be.
        transform: [
          { filter: `isValid(datum.${field}_low) && isValid(datum.${field}_high)` },
          {
            calculate: field === POOL_STEP.field ? `datum.${field}_low` : `max(0, datum.${field}_low)`,
            as: 'from',
          },
        ],
        mark: { type: 'rule', color: '#222222', strokeWidth: 1 },
        encoding: {
          y,
          yOffset,
          x: { field: 'from', type: 'quantitative' },
          x2: { field: `${field}_high` },
        },
      },
    ],
  };
}

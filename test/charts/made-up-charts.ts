import type { ChartInputs } from '../../src/charts/chart.ts';
import { genealogiesTable } from '../../src/tables/genealogies-table.ts';
import { runsTable } from '../../src/tables/runs-table.ts';
import { summaryTable } from '../../src/tables/summary.ts';
import { madeUpBatch } from '../tables/made-up-batch.ts';
import { madeUpMaps, madeUpTimeline } from './made-up-timeline.ts';

/** Inputs for every chart, from the made-up batch. */
export function madeUpInputs(options: Parameters<typeof madeUpBatch>[0] = {}): ChartInputs {
  const { results, cells } = madeUpBatch(options);
  const runs = runsTable(results, cells);
  return {
    title: 'Five mark designs under a sell program',
    seed: 'demo',
    level: 0.95,
    runs,
    summary: summaryTable(runs, { seed: 'demo' }),
    genealogies: genealogiesTable(results, cells),
    timeline: madeUpTimeline(),
    cascadeMaps: madeUpMaps(12),
  };
}

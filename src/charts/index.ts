import { cascadeMap } from './cascade-map.ts';
import type { Chart, RunChartInputs } from './chart.ts';
import { clusterSizes } from './cluster-sizes.ts';
import { convergence } from './convergence.ts';
import { decomposition } from './decomposition.ts';
import { doseResponse } from './dose-response.ts';
import { drawdownSurvival } from './drawdown-survival.ts';
import { generations } from './generations.ts';
import { heatMap } from './heat-map.ts';
import { lateness } from './lateness.ts';
import { lossWaterfall } from './loss-waterfall.ts';
import { pairedScatter } from './paired-scatter.ts';
import { ranking } from './ranking.ts';
import { timeline } from './timeline.ts';

/** Charts of single runs. */
export const RUN_CHARTS: readonly Chart<RunChartInputs>[] = [timeline, cascadeMap];

/** All charts of a batch, in the order of a report. */
export const CHARTS: readonly Chart[] = [
  doseResponse,
  heatMap,
  pairedScatter,
  ranking,
  decomposition,
  drawdownSurvival,
  generations,
  clusterSizes,
  lossWaterfall,
  lateness,
  ...RUN_CHARTS,
  convergence,
];

import type { Chart } from './chart.ts';
import { decomposition } from './decomposition.ts';
import { doseResponse } from './dose-response.ts';
import { lateness } from './lateness.ts';
import { lossWaterfall } from './loss-waterfall.ts';
import { pairedScatter } from './paired-scatter.ts';
import { timeline } from './timeline.ts';

/** All charts of a batch, in the order of a report. */
export const CHARTS: readonly Chart[] = [
  doseResponse,
  pairedScatter,
  decomposition,
  lossWaterfall,
  lateness,
  timeline,
];

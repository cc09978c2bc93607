import type { Batch, ExpectationResult } from '../index.ts';
import { estimationInWords } from './estimation-view.ts';
import { seconds, threeDigits } from './format.ts';
import type { Outcome } from './outputs.ts';
import { renderSummary } from './summary-view.ts';
import type { Timing } from './timing.ts';

/** What `cascade run` prints: the table, what was expected, and a line on where it comes from. */
export function inWords(
  batch: Batch,
  { summary, estimation, notConverged, expectations, interrupted }: Outcome,
  { folder, timing }: { folder: string; timing: Timing },
): string {
  return [
    batch.title,
    '',
    renderSummary(
      summary,
      batch.axes.map(({ name }) => name),
    ),
    ...notConverged,
    '',
    ...expectations.map(expectationInWords),
    ...(expectations.length > 0 ? [''] : []),
    ...(interrupted
      ? ['Interrupted: the table holds the replicates finished so far. Run it again to go on.']
      : []),
    ...estimationInWords(estimation, summary),
    '',
    speedInWords(timing),
    `results in ${folder}`,
    '',
  ].join('\n');
}

/** What `cascade run --json` prints: the summary with unrounded numbers; null is "not defined" or "not bounded". */
export function inFull(
  batch: Batch,
  { summary, estimation, expectations, interrupted }: Outcome,
  folder: string,
): unknown {
  const { seed, measure } = batch.cells[0].scenario;
  return {
    title: batch.title,
    seed,
    arms: measure.arms,
    axes: batch.axes,
    interrupted,
    estimation,
    cells: summary,
    expectations,
    folder,
  };
}

function expectationInWords({ text, holds, left, right, n }: ExpectationResult): string {
  return `${holds ? 'holds' : 'DOES NOT HOLD'}: ${text} (${threeDigits(left)} against ${threeDigits(right)}, n = ${n})`;
}

function speedInWords({ seconds: total, workers, simulated, cells }: Timing): string {
  const slowest = cells
    .filter(({ secondsPerReplicate }) => secondsPerReplicate !== null)
    .toSorted((a, b) => b.secondsPerReplicate! - a.secondsPerReplicate!)
    .at(0);
  if (slowest === undefined) return `${seconds(total)}, nothing was left to simulate`;
  const where = Object.entries(slowest.labels).map(([axis, label]) => `${axis}=${label}`);
  const cell = where.length === 0 ? '' : ` for ${where.join(', ')}`;
  return (
    `${seconds(total)} on ${workers} ${workers === 1 ? 'worker' : 'workers'} for ${simulated} replicates` +
    ` · slowest: ${seconds(slowest.secondsPerReplicate!)} a replicate${cell}`
  );
}

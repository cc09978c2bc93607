/**
 * How much of a cascade is left when the mark follows the local book by a weight w only?
 *
 * Theory: on a book of constant depth, with liquidation prices spread evenly at k times that depth, a mark of
 * w · local + (1 − w) · index gives the amplification 1 / (1 − w k). Each wave finds w k times the accounts of the one before.
 * The command line checks five such points (`cascade run scenarios/limits/blend.yaml`). Here w and k are both swept, and
 * what comes out of the simulator is drawn over the curves.
 *
 *   node notebooks/blend-limit.mjs [folder] [number of weights]
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadBatch, simulateReplicate, toSvg, VOCABULARY } from 'cascade-lab';

const [folder = 'results/notebooks', numberOfWeights = '11'] = process.argv.slice(2);
const scenarioFile = fileURLToPath(new URL('../scenarios/limits/blend.yaml', import.meta.url));

// 1. The cells. A position of n is n lots, and the book holds 100 lots a tick: k = n / 100. Nothing is random, so one replicate will do.

const steps = Number(numberOfWeights) - 1;
const weights = Array.from({ length: steps + 1 }, (_, i) => Number((i / steps).toFixed(4)));
const notionals = [20, 50, 80];
const files = {
  read: (path) => readFileSync(path, 'utf8'),
  resolve: (from, relative) => join(dirname(from), relative),
};
const { cells } = loadBatch(scenarioFile, files, VOCABULARY, {
  set: [
    'measure.arms=[off, closed]',
    `sweep.exchange.mark.localWeight=[${weights.join(', ')}]`,
    `sweep.agents.longs.notional=[${notionals.join(', ')}]`,
    'expect=[]',
  ],
});

// 2. The runs: the drawdown with liquidation over the drawdown without.

const points = cells.map(({ scenario, labels }) => {
  const [off, closed] = simulateReplicate(scenario, 0);
  const w = Number(labels.localWeight);
  const k = Number(labels.notional) / 100;
  return { w, k, measured: closed.metrics.drawdown / off.metrics.drawdown, theory: 1 / (1 - w * k) };
});

// 3. What came out.

console.log('   k      w   measured   1/(1 − wk)');
for (const { w, k, measured, theory } of points.toSorted((a, b) => a.k - b.k || a.w - b.w)) {
  console.log(
    [k.toFixed(1), w.toFixed(2), measured.toFixed(3), theory.toFixed(3)]
      .map((text, i) => text.padStart([4, 7, 11, 13][i]))
      .join(''),
  );
}
const worst = Math.max(...points.map(({ measured, theory }) => Math.abs(measured / theory - 1)));
console.log(`largest relative distance: ${(100 * worst).toFixed(2)} %`);

// 4. The picture: the curves of the theory, a point for each cell.

const curves = notionals.flatMap((notional) =>
  Array.from({ length: 101 }, (_, i) => ({
    w: i / 100,
    k: notional / 100,
    theory: 1 / (1 - (i / 100) * (notional / 100)),
  })),
);
const x = { field: 'w', type: 'quantitative', title: 'weight of the local price in the mark' };
const color = { field: 'k', type: 'ordinal', title: 'k' };
const y = (field) => ({ field, type: 'quantitative', title: 'amplification', scale: { domain: [1, 5] } });
const svg = await toSvg({
  width: 480,
  height: 320,
  title: 'A blended mark: simulated (points) and 1/(1 − wk)',
  layer: [
    { data: { values: curves }, mark: 'line', encoding: { x, y: y('theory'), color } },
    {
      data: { values: points },
      mark: { type: 'point', filled: true },
      encoding: { x, y: y('measured'), color },
    },
  ],
});
mkdirSync(folder, { recursive: true });
const picture = join(folder, 'blend-limit.svg');
writeFileSync(picture, svg);
console.log(picture);

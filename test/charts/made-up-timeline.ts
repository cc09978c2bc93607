import { RandomSource } from '../../src/base/random.ts';
import type { CascadeMapInputs, TimelineInputs } from '../../src/charts/chart.ts';
import type { CascadeMap } from '../../src/metrics/cascade-map.ts';
import { METRICS, type MetricRow } from '../../src/metrics/metrics.ts';

/** A cascade that nobody simulated: a fall after the shock at 600 s, liquidations on the way down, a slow recovery. */
export function madeUpTimeline(seconds = 2_400): TimelineInputs {
  const shockAt = 600;
  const random = new RandomSource('timeline').stream('paths');
  const column = (): Float64Array => new Float64Array(seconds);
  const paths = {
    time_s: column(),
    mid: column(),
    mark: column(),
    index: column(),
    fundamental: column().fill(NaN),
    bid_depth: column(),
    forced_notional: column(),
    fund_equity: column(),
    adl_notional: column(),
  };
  const begun: number[] = [];
  let noise = 0;
  let [forced, adl, fund] = [0, 0, 2e7];
  for (let t = 0; t < seconds; t++) {
    noise = 0.97 * noise + 4 * random.normal();
    const since = t - shockAt;
    const fall = since < 0 ? 0 : since < 90 ? 2_600 * (since / 90) : 1_100 + 1_500 / (1 + (since - 90) / 150);
    if (since > 10 && since < 110) {
      forced += 4e5 * random.exponential();
      if (random.uniform() < 0.7) begun.push(t);
      fund -= 2e5 * random.uniform();
    }
    if (since > 70 && since < 110) adl += 3e5 * random.uniform();
    paths.time_s[t] = t;
    paths.mid[t] = 60_000 - fall + noise;
    paths.index[t] = 60_000 - 0.55 * fall + 0.5 * noise;
    paths.mark[t] = 0.5 * (paths.mid[t] + paths.index[t]);
    paths.bid_depth[t] =
      (since < 0 ? 3e7 : 3e7 * (0.15 + 0.85 * Math.min(1, Math.abs(since - 60) / 600))) *
      (0.9 + 0.2 * random.uniform());
    paths.forced_notional[t] = forced;
    paths.fund_equity[t] = fund;
    paths.adl_notional[t] = adl;
  }
  return {
    detail: {
      row: {
        arm: 'closed',
        metrics: Object.fromEntries(METRICS.map(({ name }) => [name, 0])) as MetricRow,
        fingerprint: '0'.repeat(16),
        prefixFingerprint: '0'.repeat(16),
      },
      paths,
      liquidations: { time_s: Float64Array.from(begun) },
      cascadeMap: madeUpMap(7),
    },
    labels: { mark: 'local', shock: '40M' },
    replicate: 7,
    shockAt,
  };
}

/** Fuel and book of nobody: ten bins a side, the book ends below the eighth, k is above 1 from the fifth to it. */
function madeUpMap(replicate: number): CascadeMap {
  const random = new RandomSource('map').stream(`${replicate}`);
  const bins = Array.from({ length: 20 }, (_, i) => ({ side: i < 10 ? 1 : -1, bin: i % 10 }));
  const column = (of: (bin: { side: number; bin: number }) => number) => Float64Array.from(bins, of);
  const broken = column(({ side, bin }) =>
    side < 0 ? 0 : bin * bin * 10 + Math.round(20 * random.uniform()),
  );
  const absorbing = column(({ bin }) => (bin < 8 ? 150 : 0));
  return {
    ...{ side: column(({ side }) => side), from: column(({ bin }) => bin / 500) },
    to: column(({ bin }) => (bin + 1) / 500),
    fuel: broken.map((lots) => lots * 100),
    depth: absorbing.map((lots) => lots * 100),
    ...{ broken, absorbing },
    k: broken.map((lots, i) => (lots === 0 ? 0 : lots / absorbing[i])),
  };
}

export function madeUpMaps(replicates: number): CascadeMapInputs {
  const all = Array.from({ length: replicates }, (_, replicate) => replicate);
  return { labels: { mark: 'local', shock: '40M' }, replicates: all, maps: all.map(madeUpMap) };
}

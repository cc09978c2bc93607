import { RandomSource } from '../../src/base/random.ts';
import { type MetricRow, METRICS } from '../../src/metrics/metrics.ts';
import { type Arm, ARMS, type TaskResult } from '../../src/run/results.ts';

/** Results of a batch that nobody simulated: plausible numbers with a known structure. */
export interface MadeUpBatch {
  readonly cells: readonly { readonly labels: Readonly<Record<string, string>> }[];
  readonly results: readonly TaskResult[];
}

/** Designs with the share of the local price in their mark: the larger, the more a cascade feeds itself. */
const DESIGNS = { index: 0, median: 0.15, blend: 0.3, ema: 0.4, local: 0.6 } as const;
const SHOCKS = ['10M', '20M', '40M'] as const;

/** A full factorial of designs × shocks; drawdowns grow with the shock, and by 1/(1 − share) in the closed arm. */
export function madeUpBatch({
  designs = DESIGNS,
  shocks = SHOCKS,
  replicates = 40,
  arms = ARMS,
}: {
  designs?: Readonly<Record<string, number>>;
  shocks?: readonly string[];
  replicates?: number;
  arms?: readonly Arm[];
} = {}): MadeUpBatch {
  const cells = Object.entries(designs).flatMap(([mark, share]) =>
    shocks.map((shock) => ({ labels: { mark, shock }, share, size: (Number.parseFloat(shock) || 20) / 10 })),
  );
  const results = cells.flatMap(({ share, size }, cell) =>
    Array.from({ length: replicates }, (_, replicate) => {
      // One stream a replicate, whatever the design: common random numbers.
      const random = new RandomSource('made-up').stream(`replicate/${replicate}`);
      const market = 0.6 + 0.8 * random.uniform();
      const luck = 0.4 + 1.2 * random.uniform();
      const drawdown = { off: 80 * size * market, 'open-loop': 0, closed: 0 };
      drawdown['open-loop'] = drawdown.off * (1 + 0.5 * share * luck);
      drawdown.closed = drawdown.off * (1 + (share / (1 - share)) * luck * Math.min(1, size / 3));
      const rows = arms.map((arm) => ({
        arm,
        metrics: rowOf(arm, drawdown[arm], size),
        fingerprint: `${cell}-${replicate}-${arm}`.padStart(16, '0'),
        prefixFingerprint: `${replicate}`.padStart(16, '0'),
        ...(arm === 'closed' && { genealogy: { liquidations: [8, 2], notional: [800, 250], clusters: [[1, 6], [2, 2]] as const, causes: { shock: 8, liquidation: 2 } } }), // prettier-ignore
      }));
      return { task: { cell, replicate }, rows };
    }),
  );
  return { cells: cells.map(({ labels }) => ({ labels })), results };
}

function rowOf(arm: Arm, drawdown: number, size: number): MetricRow {
  const forced = arm === 'off' ? 0 : Math.round(drawdown * 40_000);
  const loss = Math.max(0, drawdown - 250) * 9_000;
  const fund = Math.min(2_000_000, loss);
  const known: Partial<MetricRow> = {
    drawdown,
    mark_drawdown: 0.7 * drawdown,
    drawdown_at: 30 + 20 * size,
    forced_notional: forced,
    liquidated_accounts: Math.round(forced / 50_000),
    set_off_liquidations: arm === 'closed' ? Math.round(forced / 250_000) : 0,
    false_liquidations: Math.round(forced / 500_000),
    ...(arm !== 'off' && {
      fund_gained: 0.005 * forced,
      fund_used: fund,
      adl_notional: 6 * Math.max(0, loss - fund),
      socialised_loss: 0.1 * Math.max(0, loss - fund),
      ruin: loss > fund ? 1 : 0,
      lateness_mean: 0.001 * drawdown,
      lateness_bad_debt: loss / 3,
    }),
  };
  return { ...(Object.fromEntries(METRICS.map(({ name }) => [name, 0])) as MetricRow), ...known };
}

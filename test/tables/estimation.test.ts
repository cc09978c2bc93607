import { describe, expect, test } from 'vitest';
import { estimationOf } from '../../src/tables/estimation.ts';
import { SUMMARY_COLUMNS } from '../../src/tables/summary-columns.ts';

describe('the estimation of a summary', () => {
  const estimation = estimationOf({ seed: 's', arms: ['off', 'closed'], level: 0.95, replicates: [40, 90] });

  test('says seed, arms and numbers of replicates', () => {
    expect(estimation).toMatchObject({
      seed: 's',
      arms: ['off', 'closed'],
      level: 0.95,
      replicates: { least: 40, most: 90 },
    });
  });

  test('has estimator, interval and assumptions of every column with an interval', () => {
    const bounded = SUMMARY_COLUMNS.map(({ name }) => name)
      .filter((name) => name.endsWith('_low') && !name.endsWith('_bca_low'))
      .map((name) => name.slice(0, -'_low'.length));
    expect(estimation.quantities.map(({ column }) => column)).toEqual(bounded);
    for (const { estimator, interval, method, assumes } of estimation.quantities)
      expect([estimator, interval, method, assumes].every((text) => text.length > 5)).toBe(true);
  });

  test('tells the methods apart', () => {
    const of = (name: string) => estimation.quantities.find(({ column }) => column === name);
    expect(of('amplification')).toMatchObject({ interval: 'Fieller' });
    expect(of('amplification')!.beside).toMatch(/^BCa bootstrap, .*2,000 resamples/);
    expect(of('excess_drawdown_bp')).toMatchObject({ interval: "Student's t" });
    expect(of('ruin')).toMatchObject({ interval: 'mid-P or rule of three' });
    expect(of('drawdown_p95')).toMatchObject({ interval: 'order statistics' });
    expect(of('forced_notional')!.estimator).toMatch(/^mean in the closed arm: /);
    expect(of('forced_notional')!.beside).toBeUndefined();
  });
});

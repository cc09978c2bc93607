import { expect, test } from 'vitest';
import { renderSummary } from '../../src/cli/summary-view.ts';

const row = {
  ...{ mark: 'last-trade', shock: '5%', n: 30, converged: true },
  ...{ amplification: 1.5, amplification_low: 1.25, amplification_high: 1.75 },
  ...{ amplification_bca_low: 1.3, amplification_bca_high: 1.8 },
  ...{ reproduction: 0.25, reproduction_low: -0.5, reproduction_high: Infinity },
  ...{ forced_notional: 12_345_678, fund_used: 0, adl_notional: 2_500 },
};

test('the summary is a line a cell, with labels, intervals and human money', () => {
  const lines = renderSummary([row, { ...row, mark: 'index' }], ['mark', 'shock']).split('\n');
  expect(lines.map((line) => line.trim().split(/ {2,}/))).toEqual([
    ['mark', 'shock', 'n', 'amplification', 'BCa', 'R̂', 'forced', 'fund used', 'ADL'],
    ['last-trade', '5%', '30', '1.50 [1.25, 1.75]', '[1.30, 1.80]', '0.25 [−0.50, ∞]', '12.3M', '0', '2.5k'],
    ['index', '5%', '30', '1.50 [1.25, 1.75]', '[1.30, 1.80]', '0.25 [−0.50, ∞]', '12.3M', '0', '2.5k'],
  ]);
});

test('a cell that has not converged is starred, and the star explained', () => {
  const lines = renderSummary([row, { ...row, converged: false }], ['mark']).split('\n');
  expect(lines[1]).toContain(' 30 ');
  expect(lines[2]).toContain(' 30*');
  expect(lines[3]).toMatch(/^\* stopped before/);
});

test('shows what the providers of a pool made where there is one', () => {
  const pool = { ...row, mark: 'index', lp_pnl: -2_300_000, lp_against_holding: -269_000 };
  const [head, , ...lines] = renderSummary(
    [{ ...row, lp_pnl: 0, lp_against_holding: 0 }, pool],
    ['mark'],
  ).split('\n');
  expect(head).toContain('against holding');
  expect(lines.at(-1)).toMatch(/−2\.3M\s+−269k$/);
  expect(renderSummary([row], ['mark'])).not.toContain('LPs');
});

test('shows what the fall of collateral forced where any fell', () => {
  const fallen = { ...row, mark: 'own', collateral_forced_notional: 3_110_000, collateral_seized: 72_300 };
  const [head, , line] = renderSummary(
    [{ ...row, collateral_forced_notional: 0, collateral_seized: 0 }, fallen],
    ['mark'],
  ).split('\n');
  expect(head).toMatch(/by collateral +seized$/);
  expect(line).toMatch(/3\.11M\s+72\.3k$/);
  expect(renderSummary([row], ['mark'])).not.toContain('seized');
});

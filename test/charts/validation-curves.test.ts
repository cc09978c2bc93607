import { describe, expect, test } from 'vitest';
import { toSvg } from '../../src/charts/render.ts';
import { validationCurves } from '../../src/charts/validation-curves.ts';
import { exactly, judged } from '../../src/run/validation/check.ts';
import type { Check, Curve } from '../../src/run/validation/check.ts';

const CHECK: Check = { id: 'facts', group: 'facts', title: 'Facts', theory: 'none', run: () => [] };
const memory: Curve = {
  title: 'Memory of returns',
  along: 'lag (s)',
  x: [1, 2, 3],
  model: [0.5, NaN, -0.1],
  placebo: [0, 0.1, 0],
};

describe('the chart of curves', () => {
  test('has a panel a curve, with n, model and placebo, and leaves out what is not a number', async () => {
    const results = [judged(CHECK, [{ ...exactly('', 1, 1), n: 6, curve: memory }, exactly('', 1, 1)])];
    const spec = validationCurves(results, { title: 'Stylised facts' })!;
    const { data } = spec as unknown as { data: { values: object[] } };
    expect(data.values.length).toBe(6);
    expect(data.values[1]).toEqual({ panel: 'Memory of returns', market: 'model', x: 2, y: null });
    const svg = await toSvg(spec);
    for (const text of ['Stylised facts', 'Memory of returns, n = 6', 'lag (s)', 'placebo'])
      expect(svg).toContain(text);
  });
  test('is none without curves', () => {
    expect(validationCurves([judged(CHECK, [exactly('', 1, 1)])], { title: '' })).toBeUndefined();
  });
});

import { describe, expect, it } from 'vitest';
import type { Variant } from '../../src/base/parameters.ts';
import { SECOND } from '../../src/base/units.ts';
import { localWeightAfter, responseOf } from '../../src/prices/mark-response.ts';
import type { ResponseQuestion } from '../../src/prices/mark-response.ts';
import type { MarkDesign } from '../../src/prices/mark/mark-design.ts';
import { catalogue } from '../../src/world/catalogue.ts';
import { made } from '../fixtures/variants.ts';
import { PARTS } from './mark-inputs.ts';

function question(
  name: keyof typeof catalogue.mark,
  written: Record<string, unknown> = {},
  side: 1 | -1 = 1,
): ResponseQuestion {
  const variant = catalogue.mark[name] as unknown as Variant<Record<never, never>, typeof PARTS, MarkDesign>;
  const feeds = ['alpha', 'beta', 'gamma'];
  const create = (every: number) => made(variant, { ...PARTS, every, feeds }, written);
  return { create, every: SECOND, price: 100_000, side, feeds };
}

describe('the answer of a mark design', () => {
  it.each([
    ['last-trade', {}, { local: 'last', seesDepth: false, weight: 1, indexAtOnce: 0 }],
    ['mid', {}, { local: 'mid', seesDepth: false, weight: 1, indexAtOnce: 0 }],
    ['microprice', {}, { local: 'mid', seesDepth: true, weight: 1, indexAtOnce: 0 }],
    ['blend', { localWeight: 0.3 }, { local: 'mid', seesDepth: false, weight: 0.3, indexAtOnce: 0.7 }],
    [
      'blend',
      { localWeight: 0.3, local: 'last' },
      { local: 'last', seesDepth: false, weight: 0.3, indexAtOnce: 0.7 },
    ],
    ['index-only', {}, { local: 'mid', seesDepth: false, weight: 0, indexAtOnce: 1 }],
    ['index-clamp', { band: 0.01 }, { local: 'mid', seesDepth: false, weight: 1, indexAtOnce: 0 }],
    ['ema-of-mid', { constant: '60s' }, { local: 'mid', seesDepth: false, weight: 1, indexAtOnce: 0 }],
    // The basis of one sample in thirty is a step lower in the next mark.
    [
      'median-of-three',
      { window: '30s' },
      { local: 'mid', seesDepth: false, weight: 1, indexAtOnce: 29 / 30 },
    ],
  ] as const)('%s %j', (name, written, expected) => {
    for (const side of [1, -1] as const) {
      const { weight, indexAtOnce, ...rest } = responseOf(question(name, written, side));
      expect(rest).toEqual({ local: expected.local, seesDepth: expected.seesDepth });
      expect(weight).toBeCloseTo(expected.weight, 6);
      expect(indexAtOnce).toBeCloseTo(expected.indexAtOnce, 6);
    }
  });

  it('of an average grows with time: 1 − e^(−t/T), or t/T', () => {
    const ema = question('ema-of-mid', { constant: '60s' });
    expect(localWeightAfter(ema, 30 * SECOND)).toBeCloseTo(1 - Math.exp(-0.5), 6);
    const twap = question('twap-of-mid', { window: '60s' });
    expect(localWeightAfter(twap, 15 * SECOND)).toBeCloseTo(15 / 60, 6);
    expect(localWeightAfter(question('mid'), SECOND)).toBeCloseTo(1, 9);
  });
});

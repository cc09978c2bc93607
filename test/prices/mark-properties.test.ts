import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { SECOND } from '../../src/base/units.ts';
import { calcMark, markInputsOf } from '../../src/prices/calc-mark.ts';
import type { Moment } from '../../src/prices/calc-mark.ts';
import type { MarkDesign } from '../../src/prices/mark/mark-design.ts';
import type { Variant } from '../../src/base/parameters.ts';
import { catalogue } from '../../src/world/catalogue.ts';
import { made } from '../fixtures/variants.ts';
import { PARTS } from './mark-inputs.ts';

const PERPS = { alpha: 3, beta: 2, gamma: 2 };
/** Designs that look at feeds are told at which. */
const WRITTEN: Readonly<Record<string, Record<string, unknown>>> = {
  'median-composite': { perps: PERPS },
  composite: { feeds: PERPS },
  'pre-launch': { perps: PERPS },
  'capped-push': { feed: 'alpha' },
  'worst-of-two': { fast: 'beta' },
  'signed-bid-ask': { feed: 'alpha' },
};
const DESIGNS = Object.keys(catalogue.mark) as (keyof typeof catalogue.mark)[];
function designOf(name: keyof typeof catalogue.mark): MarkDesign {
  const variant = catalogue.mark[name] as unknown as Variant<Record<never, never>, typeof PARTS, MarkDesign>;
  return made(variant, PARTS, WRITTEN[name]);
}

const price = fc.integer({ min: 50_000, max: 150_000 });
/** Prices of one second; each of them may be missing. */
const prices = fc.record(
  {
    bid: price,
    ask: price,
    last: price,
    index: price,
    microprice: price,
    impactBid: price,
    impactAsk: price,
    sources: fc.dictionary(fc.constantFrom('alpha', 'beta', 'gamma'), price),
  },
  { requiredKeys: [] },
);
const series = fc
  .array(prices, { minLength: 1, maxLength: 20 })
  .map((seconds) => seconds.map((one, i): Moment => ({ ...one, now: (i + 1) * SECOND })));

function scaled({ now, sources = {}, ...own }: Moment, factor: number): Moment {
  const times = (of: object) =>
    Object.fromEntries(Object.entries(of).map(([key, value]) => [key, (value as number) * factor]));
  return { ...times(own), sources: times(sources), now };
}

describe.each(DESIGNS)('the mark of %s', (name) => {
  property.prop([series, fc.constantFrom(0.5, 2, 1024)])('grows with the prices', (moments, factor) => {
    const marks = (of: readonly Moment[]) => calcMark(designOf(name), of.map(markInputsOf));
    const [plain, dear] = [marks(moments), marks(moments.map((moment) => scaled(moment, factor)))];
    for (const [i, { mark, long, short }] of plain.entries()) {
      expect(dear[i]).toEqual({ mark: mark * factor, long: long * factor, short: short * factor });
    }
  });

  property.prop([series])('values longs no higher and shorts no lower than what has no side', (moments) => {
    for (const { mark, long, short } of calcMark(designOf(name), moments.map(markInputsOf))) {
      if (mark !== mark) continue;
      expect(long).toBeLessThanOrEqual(mark);
      expect(short).toBeGreaterThanOrEqual(mark);
    }
  });

  property.prop([series])('stays while nothing is known, and is not spoiled by it', (moments) => {
    const design = designOf(name);
    const [before] = calcMark(design, moments.map(markInputsOf)).slice(-1);
    const silence = markInputsOf({ now: 100 * SECOND });
    const silent = design.price(silence);
    // A design with an average of the book may still have that.
    expect(silent !== silent || name === 'median-composite' || name === 'pre-launch').toBe(true);
    expect(before.mark !== before.mark || before.mark > 0).toBe(true);
    const whole: Moment = { now: 101 * SECOND, bid: 1e5, ask: 1e5, last: 1e5, index: 1e5, microprice: 1e5 };
    const known = { ...whole, impactBid: 1e5, impactAsk: 1e5, sources: { alpha: 1e5, beta: 1e5 } };
    expect(design.price(markInputsOf(known))).toBeGreaterThan(0);
  });

  it('is the price on which everybody agrees', () => {
    const agreed: Moment = { now: SECOND, bid: 1e5, ask: 1e5, last: 1e5, index: 1e5, microprice: 1e5 };
    const moment = {
      ...agreed,
      impactBid: 1e5,
      impactAsk: 1e5,
      sources: { alpha: 1e5, beta: 1e5, gamma: 1e5 },
    };
    expect(designOf(name).price(markInputsOf(moment))).toBeCloseTo(1e5, 6);
  });
});

describe('bounds', () => {
  const within = (name: keyof typeof catalogue.mark, band: number) =>
    property.prop([series])(`${name} is never further than its band from the index`, (moments) => {
      const design = designOf(name);
      for (const moment of moments) {
        const mark = design.price(markInputsOf(moment));
        if (mark !== mark || moment.index === undefined) continue;
        expect(Math.abs(mark / moment.index - 1)).toBeLessThanOrEqual(band + 1e-12);
      }
    });
  within('index-clamp', 0.005);
  within('last-price-protected', 0.0025);
  within('index-plus-ema', 0.075);

  property.prop([series, fc.constantFrom('mean', 'median')])(
    'composite lies between its prices',
    (moments, combine) => {
      const design = made(catalogue.mark.composite, PARTS, { combine, feeds: PERPS });
      for (const moment of moments) {
        const { bid = NaN, ask = NaN, last = NaN, index = NaN, sources = {} } = moment;
        const mid = (bid + ask) / 2;
        const all = [mid === mid ? mid : last, last, index, ...Object.values(sources)].filter((x) => x === x);
        const mark = design.price(markInputsOf(moment));
        if (all.length === 0) expect(mark).toBeNaN();
        else {
          expect(mark).toBeGreaterThanOrEqual(Math.min(...all) * (1 - 1e-12));
          expect(mark).toBeLessThanOrEqual(Math.max(...all) * (1 + 1e-12));
        }
      }
    },
  );
});

import { describe, expect, it } from 'vitest';
import { BUY, HOUR, SECOND } from '../../src/base/units.ts';
import { adaptiveSkew } from '../../src/risk/funding/adaptive-skew.ts';
import { clampedPremium } from '../../src/risk/funding/clamped-premium.ts';
import { continuousPremium } from '../../src/risk/funding/continuous-premium.ts';
import type { FundingInputs, FundingRule } from '../../src/risk/funding/funding-rule.ts';
import { none } from '../../src/risk/funding/none.ts';
import { premiumPlusInterest } from '../../src/risk/funding/premium-plus-interest.ts';
import { BTC } from '../fixtures/contracts.ts';
import { made } from '../fixtures/variants.ts';

const rule = (written = {}): FundingRule => made(clampedPremium, { contract: BTC }, written);

/** A market round an index of 1,000,000 ticks; what a test is about is in the change. */
function market(change: Partial<FundingInputs>): FundingInputs {
  const index = change.index ?? 1_000_000;
  return {
    index,
    mark: index,
    mid: index,
    impactPrice: () => index,
    openInterest: () => ({ long: 1, short: 1 }),
    ...change,
  };
}
/** With this premium of the impact prices over the index, a hair of spread apart. */
function premium(share: number): FundingInputs {
  const price = 1_000_000 * (1 + share);
  return market({ impactPrice: () => price });
}
function rateAfter(share: number, written = {}): number {
  const funding = rule(written);
  for (let i = 0; i < 10; i++) funding.sample(premium(share));
  return funding.settle();
}

describe('the clamped premium', () => {
  it.each([
    [0.0008, 0.0003],
    [0.0003, 0.0001],
    [-0.0003, 0.0001],
    [0, 0.0001],
    [0.0006, 0.0001],
    [-0.0006, -0.0001],
  ])('an average premium of %d gives a rate of %d', (average, rate) => {
    expect(rateAfter(average)).toBeCloseTo(rate, 12);
  });

  it('gives the interest when nothing could be measured', () => {
    const funding = rule();
    expect(funding.settle()).toBe(0.0001);
    funding.sample(market({ impactPrice: () => NaN }));
    expect(funding.settle()).toBe(0.0001);
  });

  it('measures nothing while one side of the book cannot fill the impact notional', () => {
    const funding = rule();
    funding.sample(market({ impactPrice: (side) => (side === BUY ? NaN : 1_010_000) }));
    expect(funding.settle()).toBe(0.0001);
  });

  it('has no premium while the index lies between impact bid and impact ask', () => {
    const funding = rule();
    const between = (side: number) => (side === BUY ? 1_005_000 : 990_000);
    funding.sample(market({ impactPrice: between }));
    expect(funding.settle()).toBe(0.0001);
  });

  it('counts what the impact bid is above the index, and what the impact ask is below it', () => {
    const above = rule();
    above.sample(market({ impactPrice: (side) => (side === BUY ? 1_003_000 : 1_001_000) }));
    // Premium 0.1 %: 0.1 % − 0.05 %.
    expect(above.settle()).toBeCloseTo(0.0005, 12);
    const below = rule();
    below.sample(market({ impactPrice: (side) => (side === BUY ? 999_000 : 997_000) }));
    expect(below.settle()).toBeCloseTo(-0.0005, 12);
  });

  it('weighs its samples 1, 2, 3 … n', () => {
    const funding = rule({ clamp: 0 });
    for (const share of [0.001, 0, 0.002]) funding.sample(premium(share));
    expect(funding.settle()).toBeCloseTo((1 * 0.001 + 3 * 0.002) / 6, 12);
  });

  it('starts each interval anew', () => {
    const funding = rule({ clamp: 0 });
    funding.sample(premium(0.002));
    funding.settle();
    funding.sample(premium(0.001));
    expect(funding.settle()).toBeCloseTo(0.001, 12);
  });

  it('is capped either way', () => {
    expect(rateAfter(0.1)).toBe(0.003);
    expect(rateAfter(-0.1)).toBe(-0.003);
    expect(rateAfter(-0.1, { cap: '0.375%' })).toBe(-0.00375);
  });

  it.each([
    [{}, 250_000_000],
    [{ impactNotional: 4_000 }, 40_000_000],
  ])(
    'g.1 measures with the impact notional in money: 25,000 USDT, or 4,000 at 20x (%j: %d ticks·lots)',
    (written, money) => {
      const asked: number[] = [];
      rule(written).sample(market({ impactPrice: (_side, notional) => asked.push(notional) }));
      expect(asked).toEqual([money, money]);
    },
  );

  it('by default is paid every 8 hours and sampled every 5 seconds', () => {
    expect([rule().interval, rule().sampleEvery]).toEqual([8 * HOUR, 5 * SECOND]);
  });
});

describe('g.1 Formulas', () => {
  const hourly = { interval: '1h', ratePeriod: '8h' };
  it.each([
    [0.0008, 0.0003],
    [0.0003, 0.0001],
    [-0.0003, 0.0001],
    [0, 0.0001],
    [0.0006, 0.0001],
    [-0.0006, -0.0001],
  ])('standard rate: a premium of %d gives %d for 8 h, and N-th of it each N-th of 8 h', (average, rate) => {
    expect(rateAfter(average)).toBeCloseTo(rate, 12);
    expect(rateAfter(average, { interval: '4h', ratePeriod: '8h' })).toBeCloseTo(rate / 2, 12);
    expect(rateAfter(average, hourly)).toBeCloseTo(rate / 8, 12);
  });

  it('Hyperliquid: an eighth of 0.03 % is 0.00375 % an hour; at most 4 % an hour, on the notional at the oracle', () => {
    const settings = { ...hourly, cap: '32%', notional: 'index' };
    expect(rateAfter(0.0008, settings)).toBeCloseTo(0.0000375, 14);
    expect(rateAfter(0.9, settings)).toBe(0.04);
    expect(rateAfter(-0.9, settings)).toBe(-0.04);
    expect(rule(settings).notional).toBe('index');
  });

  it('OKX: the midpoint over the index, without interest and clamp; BTC at most 0.375 %', () => {
    const settings = { premium: 'mid', weights: 'equal', interest: 0, clamp: 0, cap: '0.375%' };
    const funding = rule(settings);
    for (const mid of [1_001_000, 1_003_000]) funding.sample(market({ mid }));
    expect(funding.settle()).toBeCloseTo(0.002, 12);
    funding.sample(market({ mid: 1_010_000 }));
    expect(funding.settle()).toBe(0.00375);
    funding.sample(market({ mid: NaN }));
    expect(funding.settle()).toBe(0);
  });

  describe('BitMEX', () => {
    const settings = {
      reference: 'mark',
      sampleEvery: '1m',
      weights: 'equal',
      cap: '0.375%',
      // 75 % of a maintenance margin of 0.4 %.
      maxChange: '0.3%',
      applyNext: true,
    };
    const at = (share: number) => market({ mark: 2_000_000, impactPrice: () => 2_000_000 * (1 + share) });

    it('pays the rate of an interval at the end of the next', () => {
      const funding = rule(settings);
      funding.sample(at(0.001));
      // Nothing was measured before: the interest.
      expect(funding.fixed?.()).toBe(0.0001);
      expect(funding.settle()).toBe(0.0001);
      expect(funding.fixed?.()).toBeCloseTo(0.0005, 12);
      funding.sample(at(0.002));
      expect(funding.settle()).toBeCloseTo(0.0005, 12);
      expect(funding.settle()).toBeCloseTo(0.0015, 12);
      expect(funding.settle()).toBe(0.0001);
    });

    it('is a plain average over time', () => {
      const funding = rule({ ...settings, clamp: 0 });
      for (const share of [0.001, 0, 0.002]) funding.sample(at(share));
      funding.settle();
      expect(funding.settle()).toBeCloseTo(0.001, 12);
    });

    it('is capped at 0.375 %, and changes by no more than 75 % of the maintenance margin', () => {
      const funding = rule(settings);
      const rates = [-0.1, -0.1, 0.1, 0.1, 0.1].map((share) => {
        funding.sample(at(share));
        return funding.settle();
      });
      expect(rates).toEqual([
        0.0001,
        -0.00375,
        -0.00375,
        expect.closeTo(-0.00075, 12),
        expect.closeTo(0.00225, 12),
      ]);
    });
  });

  describe('Deribit', () => {
    const deribit = (written = {}) =>
      made(continuousPremium, { contract: BTC }, { interval: '8h', ...written });
    const rateAt = (share: number, written = {}) => {
      const funding = deribit(written);
      funding.sample(market({ mark: 1_000_000 * (1 + share) }));
      return funding.settle();
    };
    it.each([
      [0.001, 0.00075],
      [-0.001, -0.00075],
      [0.00025, 0],
      [-0.00025, 0],
      [0.0001, 0],
    ])('a premium of the mark of %d gives %d for 8 h', (share, rate) => {
      expect(rateAt(share)).toBeCloseTo(rate, 15);
    });
    it('accrues each sample: 0.075 % for 8 h are 0.075 % / 28,800 each second', () => {
      expect(rateAt(0.001, { interval: '1s' })).toBeCloseTo(0.00075 / 28_800, 18);
      expect(deribit({ interval: '1s' }).sampleEvery).toBe(SECOND);
    });
    it('is capped if the instrument says so', () => expect(rateAt(-0.2, { cap: '0.5%' })).toBe(-0.005));
  });

  describe('dYdX', () => {
    const plus = (written: object) => made(premiumPlusInterest, { contract: BTC }, { ...hourly, ...written });

    it('v3: 60 samples alike, P / 8 + 0.00125 % an hour', () => {
      const funding = plus({ sampleEvery: '1m', weights: 'equal' });
      for (let i = 0; i < 60; i++) funding.sample(premium(i < 30 ? 0.0008 : 0.0004));
      expect(funding.settle()).toBeCloseTo(0.0006 / 8 + 0.0000125, 12);
      expect(funding.settle()).toBeCloseTo(0.0000125, 15);
    });

    describe('v4', () => {
      // BTC: 600 % of (5 % − 3 %) for 8 h.
      const cap = 6 * (0.05 - 0.03);
      const settings = {
        sampleEvery: '1s',
        medianOver: '20s',
        leastVotes: 15,
        weights: 'equal',
        interest: 0,
        cap,
      };

      it('takes the median of the votes of each epoch, and the mean of these', () => {
        const funding = plus(settings);
        for (let i = 0; i < 20; i++) funding.sample(premium(i < 9 ? 0.09 : i < 11 ? 0.002 : 0.001));
        for (let i = 0; i < 20; i++) funding.sample(premium(0.004));
        // Ninth and tenth of 20: 0.002 each. Then (0.002 + 0.004) / 2, an eighth of it an hour.
        expect(funding.settle()).toBeCloseTo(0.003 / 8, 12);
      });

      it('fills up with zeros where fewer than 15 voted', () => {
        const funding = plus(settings);
        for (let i = 0; i < 20; i++)
          funding.sample(i < 7 ? premium(0.004) : market({ impactPrice: () => NaN }));
        expect(funding.settle()).toBe(0);
        for (let i = 0; i < 20; i++)
          funding.sample(i < 8 ? premium(0.004) : market({ impactPrice: () => NaN }));
        expect(funding.settle()).toBeCloseTo(0.004 / 8, 12);
      });

      it('BTC is capped at 12 % for 8 h, 1.5 % an hour', () => {
        const funding = plus(settings);
        for (let i = 0; i < 20; i++) funding.sample(premium(0.5));
        expect(funding.settle()).toBeCloseTo(0.015, 15);
      });

      it('a vote is capped too', () => {
        const funding = plus({ ...settings, cap: 9, sampleCap: '10%' });
        for (let i = 0; i < 20; i++) funding.sample(premium(i % 2 === 0 ? 0.5 : 0.1));
        expect(funding.settle()).toBeCloseTo(0.1 / 8, 12);
      });

      it('isolated markets pay 0.125 bp an hour when nothing is measured', () => {
        expect(plus({ ...settings, interest: '1bp' }).settle()).toBeCloseTo(0.125e-4, 15);
      });
    });
  });

  describe('GMX V2', () => {
    const YEAR = 365 * 24;
    const gmx = (written = {}) => made(adaptiveSkew, { contract: BTC }, { interval: '1h', ...written });
    /** Rate a year that an hour with these sides pays. */
    const yearly = (funding: FundingRule, long: number, short: number): number => {
      funding.sample(market({ openInterest: () => ({ long, short }) }));
      return funding.settle() * YEAR;
    };

    it('grows by a third of 90 % a year each hour at full skew, and no further than 90 %', () => {
      const funding = gmx();
      const rates = [1, 2, 3, 4].map(() => yearly(funding, 999_999_999, 1));
      for (const [i, rate] of [0.3, 0.6, 0.9, 0.9].entries()) expect(rates[i]).toBeCloseTo(rate, 6);
      expect(funding.split).toBe('larger-side');
    });

    it('grows in proportion to the skew: to 90 % in 15 h at 60 : 40; shorts pay when they are more', () => {
      const funding = gmx();
      for (let hour = 1; hour < 15; hour++) yearly(funding, 60, 40);
      expect(yearly(funding, 60, 40)).toBeCloseTo(0.9, 9);
      expect(yearly(gmx(), 40, 60)).toBeCloseTo(-0.9 / 15, 9);
    });

    it('stays under the stable threshold, and decays under the lower one, in 48 h from the top', () => {
      const funding = gmx({ stableUpTo: '4%', decaysBelow: '2%' });
      yearly(funding, 60, 40);
      expect(yearly(funding, 51.5, 48.5)).toBeCloseTo(0.06, 9);
      expect(yearly(funding, 50.5, 49.5)).toBeCloseTo(0.06 - 0.9 / 48, 9);
      for (let hour = 0; hour < 4; hour++) yearly(funding, 50.5, 49.5);
      expect(yearly(funding, 50.5, 49.5)).toBe(0);
    });

    it('turns at once when the other side is the heavier one', () => {
      const funding = gmx();
      yearly(funding, 60, 40);
      expect(yearly(funding, 49, 51)).toBeCloseTo(0.06 - 0.3 * 0.02, 9);
    });

    it('has a least rate where there is one, and none when a side is empty or both are alike', () => {
      expect(yearly(gmx({ min: '10%' }), 51, 49)).toBeCloseTo(0.1, 12);
      expect(yearly(gmx({ min: '10%' }), 50, 50)).toBe(0);
      expect(yearly(gmx(), 50, 0)).toBe(0);
    });
  });
});

it('no funding is none, ever', () => {
  const funding = made(none, { contract: BTC });
  funding.sample(premium(0.1));
  expect([funding.interval, funding.settle()]).toEqual([Infinity, 0]);
});

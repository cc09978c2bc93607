import { describe, expect, it } from 'vitest';
import { RandomSource } from '../../src/base/random.ts';
import { HOUR, MINUTE, SECOND } from '../../src/base/units.ts';
import { Feed } from '../../src/prices/feed.ts';
import type { FeedModel } from '../../src/prices/feed.ts';

const QUIET: FeedModel = {
  every: SECOND,
  noise: 0,
  noiseHalfLife: 10 * SECOND,
  depthPerPercent: 20_000,
  recovery: MINUTE,
  outageEvery: Infinity,
  outageLength: 0,
};

function feed(model: Partial<FeedModel> = {}, seed = 'feed'): Feed {
  const source = new RandomSource(seed);
  return new Feed('alpha', { ...QUIET, ...model }, source.stream('noise'), source.stream('outages'));
}

/** Relative deviations from a fundamental price of 10⁹, observed once a second. */
function deviations(model: Partial<FeedModel>, seconds: number): number[] {
  const noisy = feed(model);
  return Array.from({ length: seconds }, (_, i) => noisy.observe(i * SECOND, 1e9) / 1e9 - 1);
}

describe('a feed', () => {
  it('without noise publishes the fundamental price, rounded to ticks', () => {
    const quiet = feed();
    expect(quiet.observe(0, 100_000.4)).toBe(100_000);
    expect(quiet.observe(SECOND, 99_999.6)).toBe(100_000);
  });

  it('never publishes a price below one tick', () => {
    expect(feed().observe(0, 0.01)).toBe(1);
  });

  it('that is stuck repeats its last price, and knows the new one again afterwards', () => {
    const quiet = feed();
    quiet.observe(0, 100_000);
    quiet.stick(2 * SECOND);
    expect(quiet.observe(SECOND, 90_000)).toBe(100_000);
    expect(quiet.observe(2 * SECOND, 90_000)).toBe(90_000);
  });

  it('that is pushed publishes its price times the factor', () => {
    const quiet = feed();
    quiet.distort(0.8);
    expect(quiet.observe(0, 100_000)).toBe(80_000);
    quiet.distort(1 / 0.8);
    expect(quiet.observe(SECOND, 100_000)).toBe(100_000);
  });

  it('knows no price before the first has arrived', () => {
    const quiet = feed();
    expect([quiet.price, quiet.receivedAt]).toEqual([NaN, -Infinity]);
    quiet.receive(5, 100);
    expect([quiet.price, quiet.receivedAt]).toEqual([100, 5]);
  });

  it('deviates with the standard deviation that was asked for', () => {
    // Autocorrelation ρ = 2^(−1/10) a second: 100,000 samples are worth n·(1 − ρ²)/(1 + ρ²) ≈ 6,900 independent ones
    // for a variance, so its standard error is √(2/6,900) = 1.7 %, that of the sd 0.85 %. Four of them: 3.4 %.
    const sample = deviations({ noise: 0.0005 }, 100_000);
    const variance = sample.reduce((sum, x) => sum + x * x, 0) / sample.length;
    expect(Math.abs(Math.sqrt(variance) / 0.0005 - 1)).toBeLessThan(0.034);
    // Mean: n·(1 − ρ)/(1 + ρ) ≈ 3,460 independent samples.
    const mean = sample.reduce((sum, x) => sum + x, 0) / sample.length;
    expect(Math.abs(mean)).toBeLessThan((4 * 0.0005) / Math.sqrt(3_460));
  });

  it('starts at that standard deviation, not at zero', () => {
    const first = Array.from(
      { length: 4_000 },
      (_, i) => feed({ noise: 0.001 }, `seed ${i}`).observe(0, 1e9) / 1e9 - 1,
    );
    const sd = Math.sqrt(first.reduce((sum, x) => sum + x * x, 0) / first.length);
    expect(Math.abs(sd / 0.001 - 1)).toBeLessThan(4 / Math.sqrt(2 * 4_000));
  });

  it('forgets its deviation with the half-life that was asked for', () => {
    const sample = deviations({ noise: 0.0005 }, 100_000);
    const correlation = (lag: number) => {
      let product = 0;
      let square = 0;
      for (let i = 0; i + lag < sample.length; i++) {
        product += sample[i] * sample[i + lag];
        square += sample[i] * sample[i];
      }
      return product / square;
    };
    // Bartlett: standard error about √(Σρ²/n) ≤ √(2·10/ln4/100,000) ≈ 0.012.
    expect(Math.abs(correlation(1) - 2 ** -0.1)).toBeLessThan(0.01);
    expect(Math.abs(correlation(10) - 0.5)).toBeLessThan(0.05);
    expect(Math.abs(correlation(20) - 0.25)).toBeLessThan(0.05);
  });

  it('deviates alike however often it is observed', () => {
    const seldom = feed({ noise: 0.0005 });
    const sample = Array.from({ length: 20_000 }, (_, i) => seldom.observe(i * MINUTE, 1e9) / 1e9 - 1);
    const sd = Math.sqrt(sample.reduce((sum, x) => sum + x * x, 0) / sample.length);
    expect(Math.abs(sd / 0.0005 - 1)).toBeLessThan(0.03);
  });

  it('is moved by 1 % by a trade of depthPerPercent, up by buying and down by selling', () => {
    const bought = feed();
    bought.trade(0, 20_000);
    expect(bought.observe(0, 100_000)).toBe(101_000);
    const sold = feed();
    sold.trade(0, -40_000);
    expect(sold.observe(0, 100_000)).toBe(98_000);
  });

  it('returns by half within the recovery time, and adds up what is traded meanwhile', () => {
    const moved = feed();
    moved.trade(0, 20_000);
    expect(moved.observe(MINUTE, 1_000_000)).toBe(1_005_000);
    expect(moved.observe(2 * MINUTE, 1_000_000)).toBe(1_002_500);
    moved.trade(2 * MINUTE, 20_000);
    expect(moved.observe(2 * MINUTE, 1_000_000)).toBe(1_012_500);
    expect(moved.observe(3 * MINUTE, 1_000_000)).toBe(1_006_250);
  });

  it('of infinite depth is moved by nothing', () => {
    const deep = feed({ depthPerPercent: Infinity });
    deep.trade(0, 1e15);
    expect(deep.observe(0, 100_000)).toBe(100_000);
  });

  it('publishes nothing while it fails, and keeps the longer of two failures', () => {
    const failing = feed();
    failing.fail(10 * SECOND);
    failing.fail(5 * SECOND);
    expect(failing.observe(0, 100)).toBeNaN();
    expect(failing.observe(10 * SECOND - 1, 100)).toBeNaN();
    expect(failing.observe(10 * SECOND, 100)).toBe(100);
  });

  it('fails of itself for the share of time that follows from its outages', () => {
    // One minute of outage after 9 minutes on average: 10 % of the time. 10,000 cycles: standard error about 0.1 %.
    const failing = feed({ outageEvery: 9 * MINUTE, outageLength: MINUTE });
    const steps = (10_000 * 10 * MINUTE) / (20 * SECOND);
    let down = 0;
    for (let i = 0; i < steps; i++) down += Number.isNaN(failing.observe(i * 20 * SECOND, 100)) ? 1 : 0;
    expect(Math.abs(down / steps - 0.1)).toBeLessThan(0.004);
  });

  it('draws the same noise whether or not it has outages', () => {
    const [steady, failing] = [
      feed({ noise: 0.001 }),
      feed({ noise: 0.001, outageEvery: HOUR, outageLength: MINUTE }),
    ];
    for (let i = 0; i < 2_000; i++) {
      const price = failing.observe(i * 10 * SECOND, 1e6);
      const steadyPrice = steady.observe(i * 10 * SECOND, 1e6);
      if (!Number.isNaN(price)) expect(price).toBe(steadyPrice);
    }
  });
});

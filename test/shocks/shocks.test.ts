import { describe, expect, it } from 'vitest';
import { MINUTE, SECOND } from '../../src/base/units.ts';
import type { Lots, Side, Ticks } from '../../src/base/units.ts';
import { RandomSource } from '../../src/base/random.ts';
import { Kernel, Phase } from '../../src/kernel/kernel.ts';
import { feedManipulation } from '../../src/shocks/feed-manipulation.ts';
import { fundTopUp } from '../../src/shocks/fund-top-up.ts';
import { liquidityWithdrawal } from '../../src/shocks/liquidity-withdrawal.ts';
import { marginChange } from '../../src/shocks/margin-change.ts';
import { orderEntryOutage } from '../../src/shocks/order-entry-outage.ts';
import { priceJump } from '../../src/shocks/price-jump.ts';
import { pricePath } from '../../src/shocks/price-path.ts';
import { sellProgram } from '../../src/shocks/sell-program.ts';
import type { Shock, ShockTargets } from '../../src/shocks/shock.ts';
import { stuckFeed } from '../../src/shocks/stuck-feed.ts';
import { tradingHalt } from '../../src/shocks/trading-halt.ts';
import { venueOutage } from '../../src/shocks/venue-outage.ts';
import { BTC } from '../fixtures/contracts.ts';
import { made } from '../fixtures/variants.ts';

/** What a shock did, second by second. */
class Stage implements ShockTargets {
  readonly contract = BTC;
  readonly feeds = ['alpha', 'beta'];
  movableFeeds = ['alpha', 'beta'];
  price: Ticks = 1_000_000;
  fundamental = 1;
  appetite = 1;
  /** Time, venue and notional of what was traded outside. */
  readonly outside: [number, string, number][] = [];
  /** How many lots the next orders find. */
  available: Lots = Infinity;
  readonly trades: [number, Side, Lots][] = [];
  readonly failures: [number, string, number][] = [];
  readonly keeperFailures: [number, number, number][] = [];
  readonly populations = [
    { name: 'holders', size: 2_000 },
    { name: 'makers', size: 10 },
  ];
  hasFund = true;
  readonly random = new RandomSource('shocks').stream('one');
  readonly distortions = new Map<string, number>();
  readonly disconnected: [number, string, number, number][] = [];
  /** What else it did: [time, what, how much]. */
  readonly done: unknown[][] = [];
  private readonly kernel = new Kernel();

  get now(): number {
    return this.kernel.now;
  }
  at(time: number, action: () => void): void {
    this.kernel.at(time, Phase.SHOCK, this.kernel.register(action));
  }
  jumpFundamental(factor: number): void {
    this.fundamental *= factor;
  }
  tradeOnFeed(feed: string, notional: number): void {
    this.outside.push([this.now, feed, notional]);
  }
  failFeed(feed: string, until: number): void {
    this.failures.push([this.now, feed, until]);
  }
  failKeepers(share: number, until: number): void {
    this.keeperFailures.push([this.now, share, until]);
  }
  stickFeed(feed: string, until: number): void {
    this.done.push([this.now, `stick ${feed}`, until]);
  }
  distortFeed(feed: string, factor: number): void {
    this.distortions.set(feed, (this.distortions.get(feed) ?? 1) * factor);
  }
  disconnect(population: string, member: number, until: number): void {
    this.disconnected.push([this.now, population, member, until]);
  }
  halt(length: number): void {
    this.done.push([this.now, 'halt', length]);
  }
  scaleMargins(factors: object): void {
    this.done.push([this.now, 'margins', factors]);
  }
  topUpFund(amount: number): void {
    this.done.push([this.now, 'fund', amount]);
  }
  scaleAppetite(factor: number): void {
    this.appetite *= factor;
  }
  refuse(parameter: string, expected: string): never {
    throw new Error(`${parameter}: ${expected}`);
  }
  trade(side: Side, lots: Lots): Lots {
    const filled = Math.min(lots, this.available);
    this.available -= filled;
    this.trades.push([this.now, side, filled]);
    return filled;
  }
  run(until: number): this {
    this.kernel.runUntil(until);
    return this;
  }
  get traded(): Lots {
    return this.trades.reduce((sum, [, side, lots]) => sum + side * lots, 0);
  }
}

function started(shock: Shock, at = 10 * SECOND): Stage {
  const stage = new Stage();
  shock.start(at, stage);
  return stage;
}

describe('a sell programme', () => {
  const program = (written: Record<string, unknown>) => made(sellProgram, { contract: BTC }, written);

  it('sells exactly its notional in equal slices from its beginning to its end', () => {
    // 40M at 100,000 are 400 BTC; 61 slices.
    const stage = started(program({ notional: '40M', over: '60s', every: '1s' })).run(MINUTE * 5);
    expect(stage.traded).toBe(-400_000);
    expect(stage.trades.map(([time]) => time)).toEqual(
      Array.from({ length: 61 }, (_, i) => (10 + i) * SECOND),
    );
    for (const [, , lots] of stage.trades) expect(Math.abs(lots - 400_000 / 61)).toBeLessThan(1);
  });

  it('reckons its lots at the price when it begins, and keeps to them', () => {
    const stage = started(program({ notional: '40M', over: '10s' }));
    stage.price = 800_000;
    stage.run(10 * SECOND);
    stage.price = 400_000;
    stage.run(MINUTE);
    expect(stage.traded).toBe(-500_000);
  });

  it('is one order when it takes no time', () => {
    const stage = started(program({ notional: '40M', over: '0s' })).run(MINUTE);
    expect(stage.trades).toEqual([[10 * SECOND, -1, 400_000]]);
  });

  it('adds what a slice could not sell to the next', () => {
    const stage = started(program({ notional: '10M', over: '9s' }));
    stage.available = 25_000;
    stage.run(15 * SECOND);
    expect(stage.traded).toBe(-25_000);
    stage.available = Infinity;
    stage.run(MINUTE);
    expect(stage.trades.map(([, , lots]) => lots)).toEqual([1e4, 1e4, 5e3, 0, 0, 0, 45e3, 1e4, 1e4, 1e4]);
    expect(stage.traded).toBe(-100_000);
  });

  it('gives up what it could not sell by its end', () => {
    const stage = started(program({ notional: '10M', over: '9s' }));
    stage.available = 0;
    stage.run(20 * SECOND);
    stage.available = Infinity;
    stage.run(MINUTE);
    expect(stage.traded).toBe(0);
  });

  it('may buy', () => {
    expect(started(program({ notional: '1M', side: 'buy' })).run(5 * MINUTE).traded).toBe(10_000);
  });

  it('on a venue outside sells there, and nothing in the book', () => {
    const stage = started(program({ notional: '1M', over: '3s', feed: 'beta' })).run(MINUTE);
    expect(stage.outside).toEqual([10, 11, 12, 13].map((s) => [s * SECOND, 'beta', -250_000]));
    expect(stage.trades).toEqual([]);
    expect(() => started(program({ notional: '1M', feed: 'gamma' }))).toThrow(
      'feed: a feed with a depthPerPercent: one of alpha, beta',
    );
  });

  it('on a venue that trades do not move is refused: it would do nothing', () => {
    const stage = new Stage();
    const sale = program({ notional: '1M', feed: 'beta' });
    stage.movableFeeds = ['alpha'];
    expect(() => sale.start(SECOND, stage)).toThrow('feed: a feed with a depthPerPercent: one of alpha');
    stage.movableFeeds = [];
    expect(() => sale.start(SECOND, stage)).toThrow('feed: feeds with a depthPerPercent: without one');
  });

  it('needs an exchange to sell on, unless it sells outside', () => {
    expect(program({ notional: '1M' }).needsExchange).toBe(true);
    expect(program({ notional: '1M', feed: 'beta' }).needsExchange).toBeUndefined();
  });
});

describe('a price jump', () => {
  const jump = (written: Record<string, unknown>) => made(priceJump, { contract: BTC }, written);

  it('is there at once when it takes no time', () => {
    const stage = started(jump({ size: '-5%' })).run(10 * SECOND - 1);
    expect(stage.fundamental).toBe(1);
    expect(stage.run(10 * SECOND).fundamental).toBeCloseTo(0.95, 12);
    expect(stage.run(5 * MINUTE).fundamental).toBeCloseTo(0.95, 12);
  });

  it.each(['-50%', '-5%', '0%', '10%'])(
    'of %s over a minute goes in equal log steps and ends there',
    (size) => {
      const stage = started(jump({ size, over: '60s' }));
      const whole = 1 + Number.parseFloat(size) / 100;
      // Half of the steps are made when half of the time is over; a step is a tenth of a second.
      const half = stage.run(40 * SECOND - 1).fundamental;
      expect(half).toBeCloseTo(Math.sqrt(whole), 9);
      expect(stage.run(5 * MINUTE).fundamental).toBeCloseTo(whole, 9);
    },
  );

  it('of one venue leaves the fundamental price and the other venues alone', () => {
    const stage = started(jump({ size: '-35%', over: '4s', feed: 'beta' })).run(MINUTE);
    expect([stage.fundamental, [...stage.distortions.keys()]]).toEqual([1, ['beta']]);
    expect(stage.distortions.get('beta')).toBeCloseTo(0.65, 12);
    expect(() => started(jump({ feed: 'gamma' }))).toThrow('feed: one of alpha, beta');
  });

  it('of the whole price or more is refused', () => {
    expect(() => jump({ size: '-100%' })).toThrow();
  });
});

describe('a liquidity withdrawal', () => {
  const withdrawal = (written: Record<string, unknown>) =>
    made(liquidityWithdrawal, { contract: BTC }, written);

  it('leaves a share of the appetite for its length, and restores it', () => {
    const stage = started(withdrawal({ remaining: '10%', length: '10m' })).run(10 * SECOND - 1);
    expect(stage.appetite).toBe(1);
    expect(stage.run(10 * SECOND).appetite).toBeCloseTo(0.1, 12);
    expect(stage.run(10 * SECOND + 10 * MINUTE - 1).appetite).toBeCloseTo(0.1, 12);
    expect(stage.run(11 * MINUTE).appetite).toBeCloseTo(1, 12);
  });

  it('may overlap another one', () => {
    const stage = started(withdrawal({ remaining: '30%', length: '1m' }), 0);
    withdrawal({ remaining: '50%', length: '1m' }).start(30 * SECOND, stage);
    expect(stage.run(45 * SECOND).appetite).toBeCloseTo(0.15, 12);
    expect(stage.run(75 * SECOND).appetite).toBeCloseTo(0.5, 12);
    expect(stage.run(2 * MINUTE).appetite).toBeCloseTo(1, 12);
  });
});

describe('a venue outage', () => {
  const outage = (written: Record<string, unknown>) => made(venueOutage, { contract: BTC }, written);

  it('silences one venue for its length', () => {
    const stage = started(outage({ feed: 'beta', length: '5m' })).run(MINUTE);
    expect(stage.failures).toEqual([[10 * SECOND, 'beta', 10 * SECOND + 5 * MINUTE]]);
  });

  it('silences all of them by default', () => {
    const stage = started(outage({})).run(MINUTE);
    expect(stage.failures.map(([, feed]) => feed)).toEqual(['alpha', 'beta']);
  });

  it('of a venue that does not exist is refused', () => {
    expect(() => started(outage({ feed: 'gamma' }))).toThrow('feed: all, or one of alpha, beta');
  });
});

describe('a path of the price', () => {
  const along = (points: unknown) => made(pricePath, { contract: BTC }, { points });

  it('goes through its points, in equal log steps between them, and stays at the last', () => {
    const stage = started(
      along([
        ['20s', '-20%'],
        ['50s', '-5%'],
      ]),
    );
    expect(stage.run(10 * SECOND).fundamental).toBe(1);
    expect(stage.run(20 * SECOND).fundamental).toBeCloseTo(Math.sqrt(0.8), 9);
    expect(stage.run(30 * SECOND).fundamental).toBeCloseTo(0.8, 9);
    expect(stage.run(45 * SECOND).fundamental).toBeCloseTo(Math.sqrt(0.8 * 0.95), 9);
    expect(stage.run(5 * MINUTE).fundamental).toBeCloseTo(0.95, 9);
  });

  it('jumps where two points are next to each other', () => {
    const stage = started(along([['1us', '-30%']]));
    expect(stage.run(10 * SECOND).fundamental).toBe(1);
    expect(stage.run(10 * SECOND + 1).fundamental).toBeCloseTo(0.7, 12);
  });

  it.each([
    [[], 'a list of times'],
    [[['10s']], 'a time and a share'],
    [[['0s', '-1%']], 'a time after 0s'],
    [
      [
        ['10s', '-1%'],
        ['10s', '-2%'],
      ],
      'after that of the point before',
    ],
    [[['10s', '-100%']], 'above -100%'],
    [[['10', '-1%']], 'a duration'],
  ])('written as %j is refused', (points, message) => {
    expect(() => along(points)).toThrow(message);
  });
});

describe('a feed', () => {
  it('that is stuck repeats its price for the length', () => {
    const stage = started(made(stuckFeed, { contract: BTC }, { feed: 'beta', length: '1m' })).run(MINUTE);
    expect(stage.done).toEqual([[10 * SECOND, 'stick beta', 70 * SECOND]]);
  });

  it('that is pushed is off for the length, and back afterwards', () => {
    const push = made(feedManipulation, { contract: BTC }, { feed: 'all', size: '-20%', length: '1m' });
    const stage = started(push).run(10 * SECOND);
    expect([...stage.distortions]).toEqual([
      ['alpha', 0.8],
      ['beta', 0.8],
    ]);
    stage.run(70 * SECOND);
    expect(stage.distortions.get('alpha')).toBeCloseTo(1, 12);
  });

  it('that does not exist is refused', () => {
    for (const shock of [stuckFeed, feedManipulation])
      expect(() => started(made(shock, { contract: BTC }, { feed: 'gamma' }))).toThrow(
        'feed: all, or one of alpha, beta',
      );
  });
});

describe('an outage of order entry', () => {
  const outage = (written: Record<string, unknown>) => made(orderEntryOutage, { contract: BTC }, written);

  it('hits its share of the users, each by a draw of its own, until its end', () => {
    const stage = started(outage({ share: '25%', length: '5m', population: 'holders' })).run(MINUTE);
    // 500 of 2,000, with a standard deviation of 19.4.
    expect(Math.abs(stage.disconnected.length - 500)).toBeLessThan(4 * 19.4);
    for (const [time, population, , until] of stage.disconnected)
      expect([time, population, until]).toEqual([10 * SECOND, 'holders', 310 * SECOND]);
  });

  it('hits everybody of all populations where it says so', () => {
    expect(started(outage({ share: '100%' })).run(MINUTE).disconnected).toHaveLength(2_010);
  });

  it('of a population that does not exist is refused', () => {
    expect(() => started(outage({ population: 'takers' }))).toThrow(
      'population: all, or one of holders, makers',
    );
  });
});

describe('what the venue does in mid-run', () => {
  it('is done at its time', () => {
    const stage = new Stage();
    made(tradingHalt, { contract: BTC }, { length: '25m' }).start(SECOND, stage);
    made(marginChange, { contract: BTC }, { maintenance: 1.5, leverage: 0.4 }).start(2 * SECOND, stage);
    made(fundTopUp, { contract: BTC }, { amount: '5M' }).start(3 * SECOND, stage);
    expect(stage.run(MINUTE).done).toEqual([
      [SECOND, 'halt', 25 * MINUTE],
      [2 * SECOND, 'margins', { maintenance: 1.5, leverage: 0.4 }],
      [3 * SECOND, 'fund', 5_000_000],
    ]);
  });

  it('cannot be to pay into the fund of a pool, which has none', () => {
    const stage = new Stage();
    stage.hasFund = false;
    const shock = made(fundTopUp, { contract: BTC }, { amount: '5M' });
    expect(() => shock.start(SECOND, stage)).toThrow('a pool has no fund');
  });
});

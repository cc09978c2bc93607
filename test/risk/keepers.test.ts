import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { INSURANCE_FUND, OUTSIDE } from '../../src/accounts/ledger.ts';
import { RandomSource } from '../../src/base/random.ts';
import { MILLISECOND, SECOND } from '../../src/base/units.ts';
import type { Micros } from '../../src/base/units.ts';
import { Absences } from '../../src/risk/keepers/absences.ts';
import { daemon } from '../../src/risk/keepers/daemon.ts';
import { engine } from '../../src/risk/keepers/engine.ts';
import type { Claim, KeeperParts, Keepers } from '../../src/risk/keepers/keepers.ts';
import { permissioned } from '../../src/risk/keepers/permissioned.ts';
import { race } from '../../src/risk/keepers/race.ts';
import { PLAIN } from '../fixtures/contracts.ts';
import { made } from '../fixtures/variants.ts';
import { ANN, scene } from './engine-scene.ts';

const parts = (seed = 'keepers'): KeeperParts => ({
  contract: PLAIN,
  latency: 50 * MILLISECOND,
  random: new RandomSource(seed),
});

const claimOf = (o: Partial<Claim> & { now: Micros }): Claim => ({
  account: 1,
  notBefore: o.now,
  steps: 0,
  notional: 1_000_000,
  equity: 50_000,
  ...o,
});

interface Step {
  readonly at: Micros;
  readonly keeper: number;
  readonly account: number;
}

/** Makes these claims and, as the engine does, again whenever they are refused, until each has its step. */
function played(keepers: Keepers, claims: readonly Claim[], until: Micros = 1e12): Step[] {
  const steps: Step[] = [];
  const waiting = [...claims];
  for (;;) {
    waiting.sort((a, b) => a.now - b.now);
    const claim = waiting.shift();
    if (claim === undefined || claim.now > until) return steps;
    const answer = keepers.claim(claim);
    if (answer.kind === 'acts') steps.push({ ...answer, account: claim.account });
    else waiting.push({ ...claim, now: answer.until, notBefore: answer.until });
  }
}

const crowd = (size: number, now = 0): Claim[] =>
  Array.from({ length: size }, (_, account) => claimOf({ account, now }));

describe('a race', () => {
  // The earliest of n exponential latencies of mean 1 s has mean 1/n s and that standard deviation; its block ends half a
  // millisecond later on average. Of 10,000 races the mean has a standard error of 1 % of it: four of them are allowed,
  // and a field with one keeper more or less (10 % off and more) would be 10 away.
  it.each([1, 2, 3, 10])('of %i keepers is won after an n-th of their mean latency', (count) => {
    const keepers = made(race, parts(), {
      count,
      latency: { exponential: { mean: '1s' } },
      block: '1ms',
      capacity: 1000,
    });
    const races = 10_000;
    let total = 0;
    for (let i = 0; i < races; i++) {
      const now = i * 100 * SECOND;
      const answer = keepers.claim(claimOf({ now }));
      if (answer.kind === 'acts') total += answer.at - now;
    }
    const mean = total / races / SECOND - 0.0005;
    expect(Math.abs(mean * count - 1)).toBeLessThan(4 / Math.sqrt(races));
  });

  it('within one block goes to the highest bid, and of equal bids to the earliest: keepers who are alike win alike', () => {
    const wins = (written: object): number[] => {
      const keepers = made(race, parts(), { count: 3, capacity: 1000, ...written });
      const won = [0, 0, 0];
      for (let i = 0; i < 3000; i++) {
        const answer = keepers.claim(claimOf({ now: i * 100 * SECOND }));
        if (answer.kind === 'acts') won[answer.keeper]++;
      }
      return won;
    };
    // Binomial(3000, 1/3): standard deviation 26.
    for (const won of wins({ latency: { uniform: ['1ms', '900ms'] } }))
      expect(Math.abs(won - 1000)).toBeLessThan(110);
    for (const won of wins({ latency: { uniform: ['1ms', '900ms'] }, bid: 0.5 }))
      expect(Math.abs(won - 1000)).toBeLessThan(110);
    // Nobody else arrives in time.
    expect(wins({ count: 1, latency: '1ms' })).toEqual([3000, 0, 0]);
  });

  it('is run by nobody when less than the threshold would be left, whatever there is to earn', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 2_000_000 }),
        fc.integer({ min: -50_000, max: 50_000 }),
        fc.integer({ min: 0, max: 10_000 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (notional, equity, minProfit, bid) => {
          const keepers = made(race, parts(), { reward: '1%', cost: 100, minProfit, bid });
          const answer = keepers.claim(claimOf({ now: 0, notional, equity }));
          const gross = Math.min(0.01 * notional, Math.max(0, equity)) - 100;
          expect(answer.kind).toBe((1 - bid) * gross >= minProfit ? 'acts' : 'refused');
        },
      ),
    );
  });

  it('costs its winner its bid, a share of what it was paid, and its own costs', () => {
    const keepers = made(race, parts(), { bid: 0.4, cost: 100, reward: '2%' });
    keepers.claim(claimOf({ now: 0 }));
    const work = { keeper: 0, account: 1, now: SECOND, value: 500_000 };
    expect(keepers.reward!(work)).toBe(10_000);
    expect(keepers.cost!({ ...work, paid: 10_000 })).toBe(100 + 0.4 * 9_900);
    expect(keepers.cost!({ ...work, paid: 0 })).toBe(100);
  });

  it('reckons with what the policy pays, and bids a share of that', () => {
    const terms = { bid: 0.4, cost: 100, reward: 0, minProfit: 5000 };
    const claim = claimOf({ now: 0, notional: 500_000, equity: 50_000 });
    expect(made(race, parts(), terms).claim(claim).kind).toBe('refused');
    const keepers = made(race, parts(), { ...terms, besides: '2%' });
    // 0.6 · (10,000 − 100) is more than 5,000.
    expect(keepers.claim(claim).kind).toBe('acts');
    const work = { keeper: 0, account: claim.account, now: SECOND, value: 500_000 };
    expect(keepers.reward!(work)).toBe(0);
    expect(keepers.cost!({ ...work, paid: 0 })).toBe(100 + 0.4 * 9_900);
  });

  it('comes for an account under water only where somebody resolves bankruptcies, and then bids nothing', () => {
    const claim = claimOf({ now: 0, equity: -1 });
    expect(made(race, parts(), {}).claim(claim).kind).toBe('refused');
    const keepers = made(race, parts(), { bankrupt: 'resolve', bid: 0.5, cost: 100 });
    expect(keepers.claim(claim).kind).toBe('acts');
    expect(keepers.cost!({ keeper: 0, account: claim.account, now: SECOND, value: 500_000, paid: 0 })).toBe(
      100,
    );
  });
});

describe('capacity', () => {
  it.each([
    ['permissioned', permissioned],
    ['race', race],
  ] as const)('of %s keepers is never exceeded, and all of it is used when many wait', (_, variant) => {
    const keepers = made(variant as typeof permissioned, parts(), {
      count: 2,
      capacity: 3,
      block: '1s',
      latency: '100ms',
    });
    const steps = played(keepers, crowd(60));
    expect(steps).toHaveLength(60);
    const perBlock = new Map<string, number>();
    for (const { at, keeper } of steps) {
      const key = `${at}/${keeper}`;
      perBlock.set(key, (perBlock.get(key) ?? 0) + 1);
    }
    // Six a second: two of them with three each.
    expect([...perBlock.values()]).toEqual(new Array(20).fill(3));
  });

  it('of a proposer is never exceeded either', () => {
    const keepers = made(daemon, parts(), { attempts: 7 });
    const steps = played(keepers, crowd(100, 1));
    const perBlock = new Map<Micros, number>();
    for (const { at } of steps) perBlock.set(at, (perBlock.get(at) ?? 0) + 1);
    for (const [at, size] of perBlock) {
      expect(at % SECOND).toBe(0);
      expect(size).toBeLessThanOrEqual(7);
    }
    expect(steps).toHaveLength(100);
    // The scan of any proposer is at most 1.6 s old: from the third block on all accounts are seen.
    expect(Math.max(...perBlock.keys())).toBeLessThanOrEqual(2 * SECOND + Math.ceil(100 / 7) * SECOND);
  });
});

describe('a daemon', () => {
  it('takes the worst first', () => {
    const keepers = made(daemon, parts(), { attempts: 10, cadence: '1ms' });
    const claims = crowd(40, 1).map((claim, i) => ({ ...claim, equity: ((i * 7) % 40) * 1000 }));
    const order = played(keepers, claims)
      .toSorted((a, b) => a.at - b.at)
      .map(({ account }) => claims[account].equity / 1000);
    for (let block = 0; block < 4; block++)
      expect(Math.max(...order.slice(10 * block, 10 * block + 10))).toBe(10 * block + 9);
  });

  it('sees an account from the first scan of the proposer on: after 1.375 blocks on average', () => {
    // Broken right after a block. The wait in blocks is 1 + the number of proposers whose scan is older than the account:
    // uniform phases leave block k (k s later) with a scan since then with probability min(1, k / 1.6).
    const mean = 0.625 + 2 * 0.375;
    const races = 4_000;
    const keepers = made(daemon, parts(), { validators: 1000 });
    const claims = Array.from({ length: races }, (_, i) => claimOf({ account: i, now: i * 10 * SECOND + 1 }));
    const waits = played(keepers, claims).map(({ at, account }) => (at - claims[account].now) / SECOND);
    const measured = waits.reduce((sum, wait) => sum + wait, 0) / races;
    // Bernoulli(0.375): standard error 0.0077, and 0.015 for the phases of 1000 validators; four of both.
    expect(Math.abs(measured - mean)).toBeLessThan(4 * Math.hypot(0.0077, 0.0153));
  });

  it('tries an account once a block, and goes on with it in the next without another scan', () => {
    const keepers = made(daemon, parts(), { cadence: '10s', validators: 1 });
    const [{ at }] = played(keepers, [claimOf({ now: 1 })]);
    const again = keepers.claim(claimOf({ now: at, steps: 1 }));
    expect(again).toEqual({ kind: 'refused', until: at + SECOND });
    expect(keepers.claim(claimOf({ now: at + SECOND, steps: 1 })).kind).toBe('acts');
  });

  it('does nothing in a block whose proposer is out', () => {
    const keepers = made(daemon, parts(), { cadence: '1ms' });
    keepers.fail(1, 30 * SECOND);
    expect(played(keepers, crowd(3, 1)).map(({ at }) => at)).toEqual(new Array(3).fill(30 * SECOND));
  });
});

describe('an outage', () => {
  it.each(Object.entries({ engine, permissioned, race }))(
    'of all lets nobody act before it ends: %s',
    (_, variant) => {
      const keepers = made(variant as typeof permissioned, parts());
      keepers.fail(1, 100 * SECOND);
      for (const { at } of played(keepers, crowd(20))) expect(at).toBeGreaterThanOrEqual(100 * SECOND);
    },
  );

  it('of some leaves the work to the others', () => {
    const keepers = made(permissioned, parts(), { count: 4, capacity: 1000 });
    keepers.fail(0.5, 100 * SECOND);
    const who = new Set(played(keepers, crowd(200)).map(({ keeper }) => keeper));
    expect([...who].toSorted()).toEqual([2, 3]);
  });

  it('at random takes the stated share of the time, from the beginning on', () => {
    const settings = { count: 400, outageShare: 0.3, outageLength: 10 * SECOND };
    const absences = new Absences(settings, new RandomSource('outages'));
    const shareOut = (now: Micros): number => {
      let out = 0;
      for (let keeper = 0; keeper < 400; keeper++) if (absences.backAt(keeper, now) > now) out++;
      return out / 400;
    };
    // Binomial(400, 0.3): standard error 0.023 at one instant; of 50 instants two mean cycles apart 0.0033.
    expect(Math.abs(shareOut(0) - 0.3)).toBeLessThan(0.1);
    const later = Array.from({ length: 50 }, (_, i) => shareOut((i + 1) * 66 * SECOND));
    expect(Math.abs(later.reduce((sum, share) => sum + share, 0) / 50 - 0.3)).toBeLessThan(0.014);
  });
});

describe('the reward of a whitelisted keeper', () => {
  const paid = (written: object, fund: number): number[] => {
    const keepers = made(permissioned, parts(), { latency: '0s', reward: 7, ...written });
    const { accounts, market, mark, kernel } = scene({ keepers, fund, margin: 0.05 });
    market.levels = [[93, 100]];
    mark(93);
    const before = [INSURANCE_FUND, OUTSIDE, ANN].map((account) => accounts.ledger.balance[account]);
    kernel.runUntil(SECOND);
    accounts.checkInvariants();
    return [INSURANCE_FUND, OUTSIDE].map((account, i) => accounts.ledger.balance[account] - before[i]);
  };

  it('is paid by the fund as far as it reaches', () => {
    expect(paid({}, 1_000)).toEqual([-7, 7]);
    expect(paid({}, 3)).toEqual([-3, 3]);
  });

  it('or by the account', () => {
    expect(paid({ paidBy: 'account' }, 1_000)).toEqual([0, 7]);
  });
});

import type { AccountId } from '../../accounts/ledger.ts';
import { choice, count, duration, variant } from '../../base/parameters.ts';
import type { Micros } from '../../base/units.ts';
import { Absences } from './absences.ts';
import type { KeeperId, KeeperParts, Keepers } from './keepers.ts';

/** An account that may be liquidated. */
interface Candidate {
  readonly account: AccountId;
  /** When it was first there to be seen. */
  readonly since: Micros;
  /** The block in which it asks next; one that has passed without its asking is done with. */
  readonly due: Micros;
  /** Equity over notional when it last was looked at. */
  readonly score: number;
}

/**
 * Each validator's node scans the accounts at a cadence of its own phase; the proposer of a block, drawn anew for each, includes what its
 * last scan saw, up to so many attempts, in order. An account is tried at most once a block. An attempt that finds the account
 * sound again is spent all the same. Nobody is paid.
 * Assumes proposers drawn alike (by stake in truth), nodes that never miss a scan, and a score one block old.
 */
export const daemon = variant({
  name: 'daemon',
  about: 'Validators: each scans at a cadence, and the proposer of a block liquidates what it saw, in order.',
  source:
    'dYdX v4: liquidation daemon every 1,600 ms, at most 50 liquidations a block (node flags), worst first; about 60 validators and blocks of 1 s are unverified',
  parameters: {
    validators: count({ default: 60, min: 1, max: 1000, about: 'who may propose a block' }),
    cadence: duration({ default: '1600ms', min: '1ms', about: 'time between two scans of a node' }),
    block: duration({ default: '1s', min: '1ms', about: 'time between two blocks' }),
    attempts: count({ default: 50, min: 1, about: 'steps in a block' }),
    order: choice(['worst-first', 'random'], {
      default: 'worst-first',
      about:
        'worst-first: by equity over notional; random: from a random account on, in the order they broke',
    }),
  },
  create({ validators, cadence, block, attempts, order }, { random }: KeeperParts): Keepers {
    const absences = new Absences({ count: validators, outageShare: 0, outageLength: block }, random);
    const phases = Array.from({ length: validators }, (_, validator) =>
      Math.floor(random.stream(`scans/${validator}`).uniform() * cadence),
    );
    const proposers = random.stream('proposers');
    const starts = random.stream('starts');
    const candidates = new Map<AccountId, Candidate>();
    /** The latest block that was proposed: its end, who proposed it, and whom it still has an attempt for. */
    let proposed = { at: 0, proposer: 0, chosen: new Set<AccountId>() };

    return {
      claim({ account, now, notBefore, notional, equity }) {
        const before = candidates.get(account);
        const since = before !== undefined && before.due >= now ? before.since : now;
        if (before?.due === now) {
          propose(now);
          if (proposed.chosen.delete(account)) return { kind: 'acts', keeper: proposed.proposer, at: now };
        }
        const due = Math.ceil(Math.max(now + 1, notBefore) / block) * block;
        candidates.set(account, { account, since, due, score: equity / notional });
        return { kind: 'refused', until: due };
      },
      fail: (share, until) => absences.fail(share, until),
    };

    function propose(now: Micros): void {
      if (proposed.at === now) return;
      // One proposer and one start a block, whether it has anything to do or not: what is drawn does not depend on what happened.
      let [proposer, start] = [0, 0];
      for (let at = proposed.at; at < now; at += block) {
        proposer = proposers.below(validators);
        start = starts.uniform();
      }
      const isOut = absences.backAt(proposer, now) > now;
      const scan = isOut ? -Infinity : lastScan(proposer, now);
      const seen: Candidate[] = [];
      for (const candidate of candidates.values()) {
        if (candidate.due < now) candidates.delete(candidate.account);
        else if (candidate.due === now && candidate.since <= scan) seen.push(candidate);
      }
      const chosen = inOrder(seen, start).slice(0, attempts);
      proposed = { at: now, proposer, chosen: new Set(chosen.map(({ account }) => account)) };
    }

    function lastScan(validator: KeeperId, now: Micros): Micros {
      return phases[validator] + Math.floor((now - phases[validator]) / cadence) * cadence;
    }

    function inOrder(seen: readonly Candidate[], start: number): Candidate[] {
      if (order === 'worst-first') return seen.toSorted((a, b) => a.score - b.score || a.account - b.account);
      const from = Math.floor(start * seen.length);
      return [...seen.slice(from), ...seen.slice(0, from)];
    }
  },
});

import { SECOND } from '../../../base/units.ts';
import type { Scenario } from '../../../world/scenario.ts';
import { runWorld } from '../laboratory.ts';

/** What an observer of the public market sees of one replicate, once it has warmed up. */
export interface Observed {
  /** Mid at each second. */
  readonly mids: Float64Array;
  /** Notional traded in each second, tick·lots. */
  readonly volumes: Float64Array;
  /** Side of the taker, +1 or −1, order by order. */
  readonly signs: Float64Array;
}

export function observe(scenario: Scenario, replicate: number): Observed {
  const seconds = Math.floor(scenario.horizon / SECOND);
  const mids = new Float64Array(seconds);
  const volumes = new Float64Array(seconds);
  const signs: number[] = [];
  let filled = 0;
  let mid = NaN;
  let lastOrder = '';
  runWorld(scenario, {
    replicate,
    log: (time, _phase, kind, _maker, taker, price, lots) => {
      const second = Math.floor((time - scenario.warmUp) / SECOND);
      if (kind !== 'fill' || second < 0 || second >= seconds) return;
      volumes[second] += price * lots;
      // The fills of one order come at one instant. A buyer pays more than the mid was before.
      const order = `${taker} ${time}`;
      if (order !== lastOrder && mid === mid) signs.push(price > mid ? 1 : -1);
      lastOrder = order;
    },
    afterEvent({ kernel, exchange: { book } }) {
      const now = (book.bestBid() + book.bestAsk()) / 2;
      if (now === now) mid = now;
      const second = Math.min(seconds, Math.floor((kernel.now - scenario.warmUp) / SECOND) + 1);
      while (filled < second) mids[filled++] = mid;
    },
  });
  return { mids, volumes, signs: Float64Array.from(signs) };
}

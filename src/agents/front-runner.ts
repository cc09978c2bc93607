import { count, duration, money, share, variant } from '../base/parameters.ts';
import type { RandomStream } from '../base/random.ts';
import type { Lots, Micros, Side, Ticks } from '../base/units.ts';
import { lotsOfNotional, moneyFromQuote, notionalOf, valueOf } from '../market/contract.ts';
import type { AgentParts, Desk, Opening, Population } from './agent.ts';

const BID = 0;
/** Steps in which a distance is searched. */
const BANDS = 20;

/** A cluster of liquidation prices: longs that break down to `bottom`, a tenth of them above `top`. */
interface Cluster {
  readonly top: Ticks;
  readonly bottom: Ticks;
  readonly lots: Lots;
}

/** What a member is about. */
interface Attack {
  readonly cluster: Cluster;
  readonly until: Micros;
  readonly sold: Lots;
}

/**
 * Trades ahead of forced sales that everybody can see coming. When the liquidation prices of many longs lie close below the mark, it
 * sells at market to push the mark into them, bids at the top of the cluster for what it has sold, which the forced sales fill, and
 * buys back the rest at market once the mark is through the cluster, or when that does not happen in time. Finite
 * capital; when its loss reaches the limit it closes and stays away.
 *
 * Assumes that liquidation prices are public, as on chains, and as good as right: those of the exchange's own index at the last mark that
 * its data latency lets it see. Elsewhere they are guessed from open interest and usual leverages, and the guess is poor: unrealistic
 * for central exchanges. It hunts longs only, its members do not know of each other, and nobody hunts it.
 */
export const frontRunner = variant({
  name: 'front-runner',
  about: 'Sells ahead of clusters of liquidation prices and buys back from the forced sales.',
  parameters: {
    count: count({ default: 1, min: 0, about: 'number of them; 0 for none' }),
    capital: money({ default: '5M', min: 0, about: 'largest position of one of them, notional' }),
    lossLimit: money({ default: '100k', min: 0, about: 'loss at which one of them closes and stays away' }),
    distance: share({
      default: '0.5%',
      above: 0,
      max: '50%',
      about: 'how far below the mark a cluster may begin and still be worth pushing to',
    }),
    width: share({ default: '0.5%', above: 0, max: '50%', about: 'how wide a cluster is, of the mark' }),
    cluster: money({ default: '5M', min: 1, about: 'notional of the positions that make a cluster' }),
    part: share({
      default: '50%',
      above: 0,
      max: '100%',
      about: 'how much of the cluster it sells beforehand, as far as its capital lasts',
    }),
    patience: duration({ default: '30s', min: '1ms', about: 'when it gives up and buys back' }),
    every: duration({ default: '500ms', min: '1ms', about: 'mean time between two looks' }),
  },
  create(parameters, { contract }: AgentParts): Population {
    const { count: size, distance, width, part, patience, every } = parameters;
    const capital = moneyFromQuote(contract, parameters.capital);
    const lossLimit = moneyFromQuote(contract, parameters.lossLimit);
    const least = moneyFromQuote(contract, parameters.cluster);
    const attacks: (Attack | undefined)[] = new Array<undefined>(size).fill(undefined);
    const isOut = new Uint8Array(size);
    /** unheard[member]: lots sent to be sold of which nothing was heard since; they may still trade. */
    const unheard = new Float64Array(size);
    let pauses: RandomStream;
    return {
      size,
      slots: 1,
      margined: false,
      balancing: false,
      mapReach: distance + width,
      open(opening: Opening) {
        for (let member = 0; member < size; member++)
          opening.open(member, { collateral: capital, lots: 0, entry: 0 });
      },
      start(desk) {
        pauses = desk.random.stream('pauses');
        for (let member = 0; member < size; member++) sleep(member, desk);
      },
      wake(member, desk) {
        sleep(member, desk);
        const { mark, bid } = desk.seen;
        if (mark !== mark || bid !== bid) return;
        listen(member, desk);
        if (-profitOf(member, mark, desk) > lossLimit) isOut[member] = 1;
        const attack = attacks[member];
        if (attack !== undefined) carryOn(member, attack, desk);
        else if (isOut[member] === 0) lookForPrey(member, desk);
      },
      filled(member, side, _lots, desk) {
        if (side < 0) unheard[member] = 0;
        else listen(member, desk);
      },
    };

    function sleep(member: number, desk: Desk): void {
      desk.wakeAt(member, desk.now + Math.max(1, Math.round(pauses.exponential() * every)));
    }

    /** Messages arrive in the order in which they were sent: when its bid rests, what it sold with it has traded, or never will. */
    function listen(member: number, desk: Desk): void {
      if (desk.restingLots(member, BID) > 0) unheard[member] = 0;
    }

    function lookForPrey(member: number, desk: Desk): void {
      const cluster = nearestCluster(desk);
      if (cluster === undefined) return;
      const { mark, bid } = desk.seen;
      // Valued at the dearer of the two, so that no fill near them exceeds the capital.
      const [atMark, atBid] = [mark, bid].map((price) => lotsOfNotional(contract, capital, price));
      const room = Math.floor(Math.min(atMark, atBid));
      const sold = Math.min(
        Math.floor(part * cluster.lots),
        room - Math.abs(desk.lots(member)) - unheard[member],
      );
      if (sold <= 0) return;
      attacks[member] = { cluster, until: desk.now + patience, sold };
      unheard[member] += sold;
      desk.take(member, { side: -1, lots: sold, limit: desk.marketLimit(-1), reduceOnly: false });
      desk.quote(member, BID, { side: 1, lots: sold, price: cluster.top });
    }

    /** The first stretch below the mark, `width` long and within `distance`, with positions enough; looked for in steps. */
    function nearestCluster(desk: Desk): Cluster | undefined {
      const { mark } = desk.seen;
      for (let step = 0; step <= BANDS; step++) {
        const top = Math.floor(mark * (1 - (distance * step) / BANDS));
        const bottom = Math.max(1, Math.floor(top - mark * width));
        const lots = desk.liquidationsWithin(bottom, top);
        if (notionalOf(contract, lots, top) >= least)
          return { top: topOf({ top, bottom, lots }, desk), bottom, lots };
      }
      return undefined;
    }

    /** Where a tenth of it has broken: a stretch begins with whatever lies in it, a cluster with its bulk. */
    function topOf({ top, bottom, lots }: Cluster, desk: Desk): Ticks {
      for (let step = 1; step < BANDS; step++) {
        const price = Math.ceil(top - ((top - bottom) * step) / BANDS);
        if (desk.liquidationsWithin(price, top) >= 0.1 * lots) return price;
      }
      return bottom;
    }

    /** Its bid never exceeds what it is short; through the cluster, out of patience or out of money it takes what is offered. */
    function carryOn(member: number, { cluster, until, sold }: Attack, desk: Desk): void {
      const held = desk.lots(member);
      const isOver = desk.now >= until || isOut[member] === 1 || desk.seen.mark <= cluster.bottom;
      const isHeard = unheard[member] === 0;
      if (isOver) {
        desk.quote(member, BID, { side: 1, lots: 0, price: cluster.top });
        if (held !== 0) close(member, held, desk);
        else if (isHeard || desk.now >= until) attacks[member] = undefined;
      } else if (isHeard && held >= 0) {
        desk.quote(member, BID, { side: 1, lots: 0, price: cluster.top });
        if (held > 0) close(member, held, desk);
        else attacks[member] = undefined;
      } else {
        const wanted = isHeard ? -held : sold;
        if (desk.restingLots(member, BID) !== wanted)
          desk.quote(member, BID, { side: 1, lots: wanted, price: cluster.top });
      }
    }

    function close(member: number, held: Lots, desk: Desk): void {
      const side: Side = held < 0 ? 1 : -1;
      desk.take(member, { side, lots: Math.abs(held), limit: desk.marketLimit(side), reduceOnly: true });
    }

    function profitOf(member: number, mark: Ticks, desk: Desk): number {
      return desk.cashFlow(member) + valueOf(contract, desk.lots(member), mark);
    }
  },
});

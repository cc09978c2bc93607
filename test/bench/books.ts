import { ourPlayer, peerPlayer, type Player, twinPlayer } from './engines.ts';
import type { Row } from './rows.ts';
import { commonStream, type Flow, publicStream } from './streams.ts';
import { equalWork, ratios, spreadOf, takeTurns } from './timing.ts';

/** Live orders, and for each the gates and targets: times faster than nodejs-order-book, ns a message. */
const SIZES = [
  { live: 1_000, faster: [50, 90], ns: [45, 30] },
  { live: 10_000, faster: [110, 200], ns: [50, 32] },
  { live: 100_000, faster: [130, 250], ns: [80, 45] },
] as const;
const FLOWS: readonly Flow[] = ['calm', 'swinging', 'flash crash'];

export function benchBooks(quick: boolean): Row[] {
  return [...SIZES.flatMap((size) => againstPeer(size, quick)), ...flows(quick), againstTwin()];
}

function againstPeer({ live, faster, ns }: (typeof SIZES)[number], quick: boolean): Row[] {
  const stream = commonStream(live, quick ? 500_000 : 1_000_000);
  const [ours, peer] = [ourPlayer(stream), peerPlayer(stream)];
  const [own] = takeTurns(15, [ours], { warmUp: 10 });
  takeTurns(0, [peerPlayer(commonStream(live, 20_000))], { warmUp: 1 }); // its turns are long, and it needs few messages to be warm
  const times = takeTurns(quick ? 2 : 3, [ours, peer], { warmUp: 0 });
  proveEqual(`book, ${live} live orders`, [ours, peer]);
  return [
    {
      what: `book, ${live} live orders, against nodejs-order-book`,
      unit: '×',
      measured: ratios(times[1], times[0]),
      gate: faster[0],
      target: faster[1],
      more: true,
    },
    {
      what: `book, ${live} live orders, a message`,
      unit: 'ns',
      measured: spreadOf(own),
      gate: ns[0],
      target: ns[1],
      more: false,
    },
  ];
}

function flows(quick: boolean): Row[] {
  const players = FLOWS.map((flow) => ourPlayer(publicStream(flow, quick ? 200_000 : 1_000_000)));
  const [calm, swinging, crash] = takeTurns(quick ? 7 : 15, players);
  const overCalm = { unit: '×', gate: 1.3, target: 1.15, more: false } as const;
  return [
    { what: 'book, calm public-style flow, a message', unit: 'ns', measured: spreadOf(calm), more: false },
    { what: 'book, flash crash over calm', measured: ratios(crash, calm), ...overCalm },
    { what: 'book, swinging over calm', measured: ratios(swinging, calm), ...overCalm },
  ];
}

function againstTwin(): Row {
  const stream = publicStream('flash crash', 4_000);
  const [ours, twin] = [ourPlayer(stream, 10), twinPlayer(stream)];
  const times = takeTurns(3, [ours, twin]);
  proveEqual('book, flash crash', [ours, twin]);
  return {
    what: 'book, short flash crash, against the slow twin',
    unit: '×',
    measured: ratios(times[1], times[0]),
    more: true,
  };
}

function proveEqual(what: string, players: readonly Player[]): void {
  equalWork(what, Object.fromEntries(players.map(({ name, traded }) => [name, traded()])));
}

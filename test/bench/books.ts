import { Apart } from './apart.ts';
import { type EngineName, type Player, playerOf } from './engines.ts';
import type { Played, Turn } from './player-run.ts';
import { type Flow, publicStream } from './streams.ts';
import { equalWork, mean, type Part, ratios, type Spread, spreadOf, Turns } from './timing.ts';

/**
 * Live orders, and for each the messages when it is to be quick (else a million), and the gates and targets: times faster than
 * nodejs-order-book, ns a message.
 */
const SIZES = [
  { live: 1_000, quickly: 400_000, faster: [50, 90], ns: [45, 30] },
  { live: 10_000, quickly: 700_000, faster: [110, 200], ns: [50, 32] },
  { live: 100_000, quickly: 400_000, faster: [130, 250], ns: [80, 45] },
] as const;
const FLOWS: readonly Flow[] = ['calm', 'swinging', 'flash crash'];

export async function benchBooks(quick: boolean): Promise<Part[]> {
  const parts: Part[] = [];
  for (const size of SIZES) parts.push(await againstPeer(size, quick));
  return [...parts, flows(quick), againstTwin()];
}

const OURS = 'cascade-lab';
const PEER = 'nodejs-order-book';
/** The peer's stream is cut into so many parts, and between two of them ours plays all of its stream, with a new book. */
const PARTS = 20;
/** Messages before each of our turns, which are short. With 300 000 they took no less. */
const WARM_UP = 100_000;

/** Each in a process of its own, the peer plays its stream once in a sitting. */
async function againstPeer(
  { live, quickly, faster, ns }: (typeof SIZES)[number],
  quick: boolean,
): Promise<Part> {
  const messages = quick ? quickly : 1_000_000;
  const start = (name: EngineName) => Apart.start<Turn, Played>('player-run.js', name, live, messages);
  const [ours, peer] = await Promise.all([start(OURS), start(PEER)]);
  const playOurs = () => ours.ask({ part: 0, parts: 1, warmUp: WARM_UP });
  const playPeer = (part: number) => peer.ask({ part, parts: PARTS, warmUp: 0 });
  for (let i = 0; i < 10; i++) await playOurs();
  await playPeer(0); // its turns are long, and it needs few messages to be warm

  /** [sitting][part] */
  const own: number[][] = [];
  const theirs: number[][] = [];
  return {
    async sit() {
      const times: { own: number[]; theirs: number[] } = { own: [], theirs: [] };
      for (let part = 0; part < PARTS; part++) {
        const [their, our] = [await playPeer(part), await playOurs()];
        times.theirs.push(their.time);
        times.own.push(our.time);
        if (part === PARTS - 1)
          equalWork(`book, ${live} live orders`, { [OURS]: our.traded, [PEER]: their.traded });
      }
      own.push(times.own);
      theirs.push(times.theirs);
    },
    rows() {
      ours.stop();
      peer.stop();
      return [
        {
          what: `book, ${live} live orders, against ${PEER}`,
          unit: '×',
          measured: ratiosOfPasses(theirs, own),
          gate: faster[0],
          target: faster[1],
          more: true,
        },
        {
          what: `book, ${live} live orders, a message`,
          unit: 'ns',
          measured: spreadOf(own.flat()),
          gate: ns[0],
          target: ns[1],
          more: false,
        },
      ];
    },
  };
}

/**
 * Of [pass][part]: what a whole pass of the peer takes, over what ours take in it. The parts of the peer's pass are different
 * work, so that its quiet time is the mean of the least that each took. So is ours, to have as many chances.
 */
function ratiosOfPasses(theirs: readonly number[][], own: readonly number[][]): Spread {
  const passes = spreadOf(theirs.map((parts, pass) => mean(parts) / mean(own[pass])));
  return { ...passes, quiet: quietPass(theirs) / quietPass(own) };
}

function quietPass(times: readonly number[][]): number {
  return mean(times[0].map((_, part) => spreadOf(times.map((parts) => parts[part])).quiet));
}

function flows(quick: boolean): Part {
  const turns = new Turns(
    quick ? 3 : 5,
    FLOWS.map((flow) => playerOf('cascade-lab', publicStream(flow, 1_000_000))),
    { warmUp: quick ? 2 : 4 },
  );
  return {
    sit: () => turns.sit(),
    rows() {
      const [calm, swinging, crash] = turns.times;
      const overCalm = { unit: '×', gate: 1.3, target: 1.15, more: false } as const;
      return [
        {
          what: 'book, calm public-style flow, a message',
          unit: 'ns',
          measured: spreadOf(calm),
          more: false,
        },
        { what: 'book, flash crash over calm', measured: ratios(crash, calm), ...overCalm },
        { what: 'book, swinging over calm', measured: ratios(swinging, calm), ...overCalm },
      ];
    },
  };
}

function againstTwin(): Part {
  const stream = publicStream('flash crash', 4_000);
  const players = [playerOf('cascade-lab', stream, 10), playerOf('slow twin', stream)];
  const turns = new Turns(2, players);
  return {
    sit() {
      turns.sit();
      proveEqual('book, flash crash', players);
    },
    rows: () => [
      {
        what: 'book, short flash crash, against the slow twin',
        unit: '×',
        measured: ratios(turns.times[1], turns.times[0]),
        more: true,
      },
    ],
  };
}

function proveEqual(what: string, players: readonly Player[]): void {
  equalWork(what, Object.fromEntries(players.map(({ name, traded }) => [name, traded()])));
}

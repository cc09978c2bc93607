/** For `Apart`: `player-run.js ENGINE LIVE MESSAGES` plays a part of the common stream for each `Turn` that it is sent. */
import { CREATORS, type Engine, type EngineName, type Traded } from './engines.ts';
import { commonStream, countOf } from './streams.ts';

/** Play part `part` (0, 1, …) of the `parts` equal parts of the stream; the first one with a new book. */
export type Turn = {
  readonly part: number;
  readonly parts: number;
  /** Messages that a book of their own plays beforehand, untimed: after a pause the processor has forgotten this program. */
  readonly warmUp: number;
};

export interface Played {
  /** Nanoseconds of processor time a message. */
  readonly time: number;
  /** Since the book was new. */
  readonly traded: Traded;
}

const [name, live, messages] = process.argv.slice(2);
const stream = commonStream(Number(live), Number(messages));
const create = CREATORS[name as EngineName](stream);
let engine: Engine;

process.on('message', ({ part, parts, warmUp }: Turn) => {
  if (warmUp > 0) create().play(0, warmUp);
  if (part === 0) {
    engine = create();
    engine.play(0, stream.prefill);
  }
  const length = (countOf(stream) - stream.prefill) / parts;
  if (!Number.isInteger(length)) throw new Error(`${parts} parts of the stream are not equal`);
  const first = stream.prefill + part * length;
  const from = process.cpuUsage();
  engine.play(first, first + length);
  const { user, system } = process.cpuUsage(from);
  process.send!({ time: ((user + system) * 1000) / length, traded: engine.traded } satisfies Played);
});
process.send!('ready');

import { type Row, tableOf } from './rows.ts';

/** docs/performance.md. */
export function page(rows: readonly Row[], machine: string): string {
  return `# Performance

\`npm run bench\` measures and writes this page; \`npm run bench -- --quick\` measures in about a minute and writes nothing. Both
exit with 1 when a gate is missed.

Measured on ${machine}, processor time only. Contestants take turns (A B A B …) after some turns that do
not count. Whatever else a machine does only adds to a time, on this one at times 70 % for minutes; so the column _quiet_ is what counts:
the least of the turns, and of a ratio that of the one contestant over that of the other. Median, lowest and highest of the
rounds stand beside it. Each part is measured in three sittings (\`--quick\`: two) with all others in between. Absolute numbers belong
to this machine; ratios travel better.

${tableOf(rows)}

## What is compared

- **Book.** The common stream is zero intelligence: 10 % limits through the touch, the others half passive limits and half
  cancels of a live order drawn evenly, 1024 owners. Both engines start with the book filled and must report equal numbers of
  trades and equal volume, else the benchmark stops. The public-style stream is 50 % new orders of which 15 % IOC, 41 %
  cancels, 9 % modifications and some unknown ids. What an engine answers to an order or a
  modification is read, every row of it; what it answers to a cancel is not, as nothing trades. In the flash crash half of the
  price is lost in a fiftieth of the messages. Against the peer, both play in processes of their own, as in one the peer's
  garbage makes V8 throw away our compiled code. The peer's stream is cut into twenty parts, and between two of them ours plays all of its stream, after
  100 000 messages that are not timed, as the processor has been the peer's. The peer plays it three times (\`--quick\`: twice), and
  the parts, which are different work, have a quiet time each; so have our turns, by the part that they follow. Their mean counts.
- **Queue.** The hold model: 10⁴ events wait, the first is taken out and put back after an exponential delay. The sums of
  the times must agree. Ours orders events of one instant by phase and sequence and can cancel; the others do neither.
  tinyqueue and heap-js hold objects, and a new one is made for each event, as in a simulator, where an event rarely
  schedules itself again. The hold model would let the popped object be used again: a row without a gate shows that.
- **Liquidation index.** Positions of both sides that break 1 to 40 % away from the mark. The number of accounts handed out
  in a fall of 30 % must be what asking everybody gives.
- **Draws.** A sum of draws, against \`Math.log\` and Box–Muller (both draws used) over seedrandom's \`alea\`.
- **Scenario.** \`scenarios/mark-designs.yaml\` with the impact mid as mark, a sell programme of 20 million and a horizon of half
  an hour, closed arm: makers, noise, arbitrage, holders, margin and liquidation. In a process of its own and warm: the run is
  played some times before it is timed. Only letting it happen is timed; building the world has a row, and drawing the
  starting accounts, which the arms of a replicate share, is not in it. An _event_ is a hop, as in other simulators' numbers:
  each event of the kernel (a waking, a price, a mark, a margin check …), each order, cancel and reduction that the book
  is asked for, and each fill; the arrival that brings a maker's 32 quotes in one kernel event counts as its commands and not
  once more. What others count besides and we do not: acknowledgements (a desk reads the answer of the book at once), the
  request and the reply of market data, and a second event for the other party of a fill. _Kernel events_ are the metric
  \`events\` of a run.
- **Memory.** What one run allocates on V8's heap, kept or not, divided by its events; and what a world holds at the end of eight
  hours over what it holds after one.

\`npm run bench -- --write-stream FILE [--live 10000] [--messages 1000000]\` writes a common stream for engines in other
languages: 16 bytes a message, four little-endian 32-bit integers: 0 limit, 1 IOC, 2 cancel, 3 modify; order id; limit in
ticks; lots, negative to sell. The first messages, as many as there are live orders, fill the book and are not timed.

## What stands between and the targets

- **Book, nanoseconds a message.** Two thirds of the time are machine instructions, of which the processor does up to six at a time,
  and one third are branches that it cannot foresee. \`npm run bench -- --play 4000 --live 1000 --messages 1000\` plays the same
  thousand messages until it knows them by heart: 18 to 20 ns a message; a million (\`--play 40 --live 1000\`) take 27 to 30. A message takes
  420 instructions. It was 600 before places of records went through a mask, from which V8 learns that it need not check
  \`record + FIELD\` for overflow nor extend its sign, and before the book stopped counting what nobody asked for. Of the 420,
  170 are the player and what V8 puts into it: reading the message, filling in the order, keeping the handle, looking at the rows
  of the reports, and the cancel as a whole. An order that comes to rest takes 250, a cancel 140, a fill 210. Each word of
  an array takes four or five of them, where C takes one: V8 compares the place with the length and adds up the address anew each time.
  The branches are: add or cancel, does the order cross, does the price have orders, is the order used up. One that was foreseen
  wrongly costs 27 cycles, and as many more as its operands take to arrive: hence the best prices stand beside each other
  at the head of the records, and the player reads what the next message asks for in time. What V8 joins to one piece of code
  depends on what it compiled first: it joins functions of up to 460 bytes until it has joined 920, the ones that are called most
  first. While checking, matching and coming to rest were short functions, some processes took 28 ns a message and some 34; since an
  order is checked and comes to rest in one function that is longer than that, all take 26 to 28. If V8 joined that one too it
  would take two less (\`node --max-inlined-bytecode-size=1000 --max-inlined-bytecode-size-cumulative=4000\`), but then
  \`cascade run\` compiles so much longer that ten replicates of the main scenario take a tenth more. A bare
  ladder in module-level arrays, without owners, lasting handles, reports, time in force or self-trade prevention, takes 24 to
  28 ns at a thousand and ten thousand live orders and 32 to 41 at a hundred thousand; the same in C++ 14 to 18 and 22 to 26. At a hundred thousand it is memory besides: an order, its two
  neighbours and its id lie in four lines of a cache that holds half of them. Tried without gain, but each in single
  processes and so through that luck: the rows of the reports in the same object as the records, constants written as numbers,
  levels that are kept while they have no orders (a branch less to foresee wrongly, but as much more to count).
  Instructions can be counted where time cannot be trusted: the difference of the two counts, divided by ten million messages.

  \`\`\`sh
  for n in 50 150; do
    valgrind --tool=cachegrind --cache-sim=no node --single-threaded \\
      node_modules/.cache/cascade-lab-bench/test/bench/main.js --play $n --live 1000 --messages 100000
  done
  \`\`\`

- **Against nodejs-order-book.** The ratio at ten thousand orders varies with the host: 113 to 126 in eleven full runs, 110 to 120
  in six with \`--quick\`, whose stream is shorter and which has two chances for a quiet moment instead of three: of those six three
  missed a gate. Ours takes 27 to 31 ns in quiet moments; the peer 3.1 to 4.2 µs, each process of it another.
  Its time a message grows for some 10⁵ messages, from 1.9, 2.5 and 4.8 µs to 2.1, 4.2 and 10 µs: it keeps a list of the ids of a level, which is quick until ids are deleted from it. Gates and
  targets were set on streams of 200 000 messages; here the stream has a million, 400 000 or 700 000 with \`--quick\`,
  which is kinder to us: with 200 000 ours takes a tenth longer too, as its book has just been made, and the ratios are a tenth to a
  quarter lower. Its ids are strings as its users have them; bare numbers as strings would make it slower still (2.4, 8
  and 14 µs).
- **Queue.** An event is 40 bytes and a push touches its own event and bucket only. At 10⁴ events the rest is split between
  caches (a hundred events take 39 ns where 10⁴ take 43), branches that no predictor can know (is the bucket empty?) and
  calls: the same algorithm in one class without accessors takes 39, and so does ours with a larger inlining budget.
  Tried without gain: buckets kept in order, so that a pop need not search (a push then touches two more lines), an event
  in one 64-byte line (the caches hold fewer), half as many buckets, whole numbers for the position of the wheel.
- **Re-index.** The trigger is one division, and asked of the margin condition only in doubt; price and ring lie together,
  once for both sides. What remains is memory: 10⁵ accounts and their ticks lie in 4 MB, about six lines of it an account, and with
  a busy neighbour in the shared cache the same code takes two to three times as long.
- **Exponential draw.** A word of sfc32 takes 1.9 ns, a draw 3.8. 2 % of the draws fall outside the simple part of a layer;
  a bound by the chord decides nearly all of these without \`exp\`, which takes 31 ns in its pinned form.
- **Whole simulator.** Half an hour with 10⁴ accounts is 79 thousand kernel events, 173 thousand commands to the book (a waking
  maker looks at 32 quotes and renews 11), and 13 thousand fills. Of the time, the book and the desks that bring the orders
  have 26 %, the makers 20 %, all other agents 12 %, the kernel with its queue and the fingerprint 12 %, the feeds, index and
  marks 9 %, the depth sampled each second 4 %, building the world 7 %, the collector 4 %. Nothing stands out any more.
  What is still allocated, about 30 bytes an event, are doubles handed between functions that V8 does not inline, and a few arrays
  for each index.
- **Short runs.** Three minutes, the horizon of that scenario, are 9 thousand kernel events: building the world is 28 % there
  and the collector 12 %. Nearly all of either is the liquidation index: 10⁴ triggers take 11 of the 13 MB that
  a world is made of, since short positions with little leverage break at prices far apart. All arms of a replicate begin
  with the same index; a copy would be quicker than building it again.
- **A million accounts.** Building is two thirds of the time, and that is memory: each trigger touches the ring at its price.
  The run itself has as many events as with a thousand accounts; what it adds is the check at the end that money and positions add
  up, over all accounts. The first run of a process takes five times as long, because V8 still compiles.
- **Auto-deleveraging** looks at all opponents each time: 100 to 200 ns an account for each loser.
`;
}

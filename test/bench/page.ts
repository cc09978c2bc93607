import { type Row, tableOf } from './rows.ts';

/** docs/performance.md. */
export function page(rows: readonly Row[], machine: string): string {
  return `# Performance

\`npm run bench\` measures and writes this page; \`npm run bench -- --quick\` measures in under 50 s and writes nothing. Both
exit with 1 when a gate is missed.

Measured on ${machine}, processor time only. Contestants take turns in one process (A B A B …) after some turns
that do not count; a ratio is taken within each round, and the table gives the median over the rounds, the lowest and the
highest. Absolute numbers belong to this machine, and a busy machine moves them by half; ratios travel better.

${tableOf(rows)}

## What is compared

- **Book.** The common stream is zero intelligence: 10 % limits through the touch, the others half passive limits and half
  cancels of a live order drawn evenly, 1024 owners. Both engines start with the book filled and must report equal numbers of
  trades and equal volume, else the benchmark stops. The public-style stream is 50 % new orders of which 15 % IOC, 41 %
  cancels, 9 % modifications and some unknown ids; every report row is looked at. In the flash crash half of the price is
  lost in a fiftieth of the messages.
- **Queue.** The hold model: 10⁴ events wait, the first is taken out and put back after an exponential delay. The sums of
  the times must agree. Ours orders events of one instant by phase and sequence and can cancel; the others do neither.
- **Liquidation index.** Positions of both sides that break 1 to 40 % away from the mark. The number of accounts handed out
  in a fall of 30 % must be what asking everybody gives.
- **Draws.** A sum of draws, against \`Math.log\` and Box–Muller (both draws used) over seedrandom's \`alea\`.
- **Scenario.** \`scenarios/mark-designs.yaml\` with the impact mid as mark and a sell programme of 20 million, closed arm,
  in a process of its own; building the world is included, drawing the starting accounts is not.

\`npm run bench -- --write-stream FILE [--live 10000] [--messages 1000000]\` writes a common stream for engines in other
languages: 16 bytes a message, four little-endian 32-bit integers: 0 limit, 1 IOC, 2 cancel, 3 modify; order id; limit in
ticks; lots, negative to sell. The first messages, as many as there are live orders, fill the book and are not timed.

## What stands between and the targets

- **Book, nanoseconds a message.** A bare ladder in module-level arrays, without owners, handles that cannot go stale,
  reports, time in force or self-trade prevention, takes 25 ns on this machine and stream; one in C about 15. Taking parts out
  one at a time says where the rest goes: reports and reading them about 13 ns, the list of each owner's orders (for
  cancelling all of them at once) about 12, handles 3 to 5, the sum of lots of each level 3. Most of it is the number of
  instructions and of calls that V8 does not inline (with a larger inlining budget a message takes 8 ns less), not
  caches: a thousand and ten thousand live orders cost the same. With a hundred thousand, 64 bytes an order leave the second-level
  cache, and two misses in a row (the order, then its neighbours) are most of the cost.
- **Against nodejs-order-book** the ratio follows from the nanoseconds above; its own time depends on the collector.
- **Whole simulator.** The queue and the book account for a small part of it. What is counted as one event may be a whole
  ladder of quotes or a sample that walks the book. The first half second of a process is V8 compiling: workers should
  run many replicates. With a million accounts most of the time goes into building the world.
- **Queue.** It keeps a total order and can cancel, which flatqueue does not: each push writes 48 bytes an event.
- **Re-index.** An account is cleared from both sides, its trigger is solved for and checked by the margin condition on
  two ticks, and it joins a ring: three to five cache lines of a population of 10⁵ that does not fit the cache.
- **Exponential draw.** The generator alone is half of the draw; \`-Math.log(alea())\` takes 14 ns on this machine.
`;
}

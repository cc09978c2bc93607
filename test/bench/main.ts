/**
 * `npm run bench`: times the engine against npm's queues and books and against the slow twins, and writes
 * docs/performance.md. `-- --quick` takes about a minute and writes nothing. `-- --write-stream FILE` writes a common
 * stream of orders instead, for engines in other languages; `-- --play N` only plays a stream N times, also for tools that
 * count instructions. Exits with 1 when a gate is missed.
 */
import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { benchBooks } from './books.ts';
import { benchDraws } from './draws.ts';
import { playerOf } from './engines.ts';
import { benchLiquidations } from './liquidations.ts';
import { page } from './page.ts';
import { benchQueues } from './queues.ts';
import { passes, type Row, tableOf } from './rows.ts';
import { benchScenarios } from './scenarios.ts';
import { commonStream } from './streams.ts';
import type { Part } from './timing.ts';

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    'write-stream': { type: 'string' },
    play: { type: 'string' },
    live: { type: 'string', default: '10000' },
    messages: { type: 'string', default: '1000000' },
  },
});

const { live, messages, play, 'write-stream': file } = values;
if (file !== undefined) {
  const stream = commonStream(Number(live), Number(messages));
  writeFileSync(file, new Uint8Array(stream.messages.buffer));
  console.log(`the first ${stream.prefill} messages fill the book`);
} else if (play !== undefined) {
  const player = playerOf('cascade-lab', commonStream(Number(live), Number(messages)));
  let least = Infinity;
  for (let turn = 0; turn < Number(play); turn++) {
    const go = player.prepare();
    const from = process.hrtime.bigint();
    go();
    least = Math.min(least, Number(process.hrtime.bigint() - from) / player.units);
  }
  console.log(`${least.toFixed(1)} ns a message, the least of ${play} turns`);
} else await bench(values.quick);

async function bench(quick: boolean): Promise<void> {
  const parts: Part[] = [
    await benchScenarios(quick), // first, as what it measures at the start needs both processors
    ...(await benchBooks(quick)),
    benchQueues(quick),
    benchLiquidations(quick),
    benchDraws(quick),
  ];
  const sittings = quick ? 2 : 3;
  for (let sitting = 1; sitting <= sittings; sitting++) {
    console.error(`sitting ${sitting} of ${sittings} …`);
    for (const part of parts) {
      await part.sit();
      for (const other of parts) await other.between?.();
    }
  }
  const rows: Row[] = [];
  for (const part of [...parts.slice(1), parts[0]]) rows.push(...(await part.rows()));
  console.log(tableOf(rows));
  if (!quick) writeFileSync('docs/performance.md', page(rows, machine()));
  const failed = rows.filter((row) => !passes(row));
  for (const { what } of failed) console.error(`misses its gate: ${what}`);
  process.exitCode = failed.length > 0 ? 1 : 0;
}

function machine(): string {
  const processors = cpus();
  return `${processors.length} × ${processors[0].model.trim()}, ${process.platform} ${process.arch}, Node ${process.versions.node}`;
}

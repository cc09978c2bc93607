/**
 * Every combination of mark, policy, waterfall and ADL that the schema allows, each in a small world that is looked at after every event:
 * `npm run combinations`. `-- --from 20000 --to 30000` runs some of them, by number; what was stopped goes on from the number it says.
 */
import { parseArgs } from 'node:util';
import { auditedRun } from './combinations-audit.ts';
import { happenedIn } from './combinations-happened.ts';
import { rowInWords } from './combinations.ts';
import { COMBINATIONS, FullProduct } from './full-product.ts';

const { values } = parseArgs({
  options: {
    from: { type: 'string', default: '0' },
    to: { type: 'string', default: String(COMBINATIONS) },
  },
});
const [from, to] = [Number(values.from), Math.min(Number(values.to), COMBINATIONS)];
if (!(Number.isInteger(from) && Number.isInteger(to) && from >= 0 && from < to)) {
  console.error(
    `--from ${values.from} --to ${values.to}: whole numbers from 0 to ${COMBINATIONS}, the first below the second`,
  );
  process.exit(2);
}

const EVERY_MS = 30_000;
const product = new FullProduct();
const happened = new Map<string, number>();
const failed: string[] = [];
const began = Date.now();
let spoke = began;
for (let number = from; number < to; number++) {
  try {
    for (const what of happenedIn(auditedRun(product.scenario(number), { kind: 'closed' })))
      happened.set(what, (happened.get(what) ?? 0) + 1);
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    failed.push(`${number}: ${said}: ${rowInWords(product.row(number))}`);
    console.log(failed.at(-1));
  }
  if (Date.now() - spoke < EVERY_MS) continue;
  spoke = Date.now();
  const left = ((spoke - began) / (number + 1 - from)) * (to - number - 1);
  console.log(
    `${number + 1} of ${to}, ${failed.length} failed, about ${Math.ceil(left / 60_000)} min to go; on with --from ${number + 1}`,
  );
}
const counts = [...happened].map(([what, count]) => `${what} in ${count}`).join(', ');
console.log(
  `${to - from} of ${COMBINATIONS} combinations, ${failed.length} failed; ${counts}; ` +
    `${Math.round(process.cpuUsage().user / 1e6)} s of processor time, ${Math.round((Date.now() - began) / 1000)} s in all`,
);
process.exitCode = failed.length === 0 ? 0 : 1;

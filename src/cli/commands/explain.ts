import { join } from 'node:path';
import type { CommandModule } from 'yargs';
import { METRICS } from '../../index.ts';
import type { Arm, CascadeMap, MetricName, RunDetail } from '../../index.ts';
import { writeFileAtomically } from '../files.ts';
import { money, seconds, threeDigits } from '../format.ts';
import { toJson } from '../json.ts';
import { chosenRun, retell, withOneRunOptions } from '../one-run.ts';
import type { ChosenRun, OneRunOptions } from '../one-run.ts';
import { runChartFiles } from '../run-charts.ts';
import type { Retold } from '../worker.ts';

interface ExplainOptions extends OneRunOptions {
  readonly out: string | undefined;
  readonly json: boolean;
}

/** `cascade explain`: one replicate told in lines: what broke first and why, how it grew, who paid. */
export const explainRun: CommandModule<object, ExplainOptions> = {
  command: 'explain <from>',
  describe:
    'Tell the story of one replicate: what broke first and why, how it grew, who paid, when it stopped',
  builder: (y) =>
    withOneRunOptions(y)
      .option('out', { type: 'string', describe: 'Folder for its charts: timeline and cascade map' })
      .option('json', { type: 'boolean', default: false, describe: 'The same as one JSON document' })
      .example('$0 explain results/mark-designs/0a1b2c3d-seed1 --where mark=last-trade --replicate 17', ''),
  handler: async (options) => {
    const { out, json, quiet } = options;
    const run = chosenRun(options);
    const retold = await retell(run, { quiet, arms: true });
    if (out !== undefined)
      for (const [name, data] of Object.entries(await runChartFiles(run, retold.detail)))
        writeFileAtomically(join(out, name), data);
    const story = storyOf(retold);
    process.stdout.write(json ? toJson(story) : inWords(run, story, out));
  },
};

/** A liquidation as the record has it. */
interface Line {
  readonly number: number;
  readonly time: number;
  readonly population: string;
  readonly side: 'long' | 'short';
  readonly notional: number;
  readonly leverage: number;
  readonly mark: number;
  readonly index: number;
  readonly cause: string;
  readonly parent: number;
  readonly causePopulation: string;
  readonly generation: number;
  readonly forced: number;
  readonly depth: number;
}

/** What happened, in numbers; times in seconds from the start of the run, money in the quote currency. */
interface Story {
  readonly arm: Arm;
  readonly fingerprint: string;
  readonly metrics: Readonly<Record<string, number>>;
  readonly first: Line | undefined;
  readonly largest: Line | undefined;
  readonly causes: readonly {
    readonly cause: string;
    readonly liquidations: number;
    readonly share: number;
  }[];
  readonly generations: readonly {
    readonly generation: number;
    readonly liquidations: number;
    readonly from: number;
    readonly to: number;
    readonly forced: number;
  }[];
  readonly last: Line | undefined;
  /** Longs against bids and shorts against asks, just before the shock. */
  readonly criticality: readonly Criticality[];
  readonly depthAtFirst: number;
  readonly depthAtWorst: number;
  readonly endedBy: Readonly<Record<string, number>>;
  /** Largest fall of the local mid in the arms, bp. */
  readonly drawdowns: readonly { readonly arm: Arm; readonly drawdown: number }[];
}

/** What the cascade map says of one side; distances are shares of the mark. */
interface Criticality {
  readonly side: 'longs' | 'shorts';
  /** Within this distance from the mark, all together. */
  readonly near: number;
  readonly kNear: number;
  /** The largest k of a bin with book, and where that bin begins. */
  readonly kMost: number;
  readonly at: number;
  /** Where bins with k > 1 begin, and how many there are. */
  readonly criticalFrom: number | null;
  readonly criticalBins: number;
  /** Where the first bin begins for which the book is too short. */
  readonly bookEndsAt: number | null;
}

function storyOf({ detail, rows }: Retold): Story {
  const lines = linesOf(detail);
  const endedBy = detail.liquidations.ended_by as readonly string[];
  return {
    arm: detail.row.arm,
    fingerprint: detail.row.fingerprint,
    metrics: Object.fromEntries(METRICS.map(({ name }) => [name, detail.row.metrics[name]])),
    first: lines[0],
    largest: lines.toSorted((a, b) => b.notional - a.notional).at(0),
    causes: [...countBy(lines.map(({ cause }) => cause))]
      .map(([cause, liquidations]) => ({ cause, liquidations, share: liquidations / lines.length }))
      .sort((a, b) => b.liquidations - a.liquidations),
    generations: [...new Set(lines.map(({ generation }) => generation))]
      .sort((a, b) => a - b)
      .map((generation) => {
        const of = lines.filter((line) => line.generation === generation);
        return {
          generation,
          liquidations: of.length,
          from: of[0].time,
          to: of.at(-1)!.time,
          forced: of.reduce((sum, { forced }) => sum + forced, 0),
        };
      }),
    last: lines.at(-1),
    criticality: [1, -1].map((side) => criticalityOf(detail.cascadeMap, side)),
    depthAtFirst: lines[0]?.depth ?? NaN,
    depthAtWorst: detail.row.metrics.depth_minimum,
    endedBy: Object.fromEntries(countBy(endedBy)),
    drawdowns: rows.map(({ arm, metrics }) => ({ arm, drawdown: metrics.drawdown })),
  };
}

function linesOf({ liquidations, paths }: RunDetail): Line[] {
  const number = (name: string) => liquidations[name] as Float64Array;
  const word = (name: string) => liquidations[name] as readonly string[];
  const times = paths.time_s as Float64Array;
  const depths = paths.bid_depth as Float64Array;
  const asks = paths.ask_depth as Float64Array;
  return Array.from(number('time_s'), (time, i) => {
    // The last sample before it: the depth that its order will find.
    const sample = times.findLastIndex((at) => at <= time);
    const isLong = number('side')[i] > 0;
    return {
      number: i,
      time,
      population: word('population')[i],
      side: isLong ? ('long' as const) : ('short' as const),
      notional: number('notional')[i],
      leverage: number('leverage')[i],
      mark: number('mark')[i],
      index: number('index')[i],
      cause: word('cause')[i],
      parent: number('parent')[i],
      causePopulation: word('cause_population')[i],
      generation: number('generation')[i],
      forced: number('forced_notional')[i],
      depth: sample < 0 ? NaN : (isLong ? depths : asks)[sample],
    };
  });
}

/** Bins of one replicate hold few accounts: k near the mark is told of the first per cent as a whole. */
const NEAR = 0.01;

function criticalityOf({ side, from, to, broken, absorbing, k }: CascadeMap, which: number): Criticality {
  const bins = [...side.keys()].filter((bin) => side[bin] === which);
  const near = bins.filter((bin) => to[bin] < NEAR * 1.0001);
  const sum = (column: Float64Array): number => near.reduce((total, bin) => total + column[bin], 0);
  const most = bins.filter((bin) => k[bin] < Infinity).reduce((best, bin) => (k[bin] > k[best] ? bin : best));
  const critical = bins.filter((bin) => k[bin] > 1 && k[bin] < Infinity);
  const ended = bins.find((bin) => k[bin] === Infinity);
  return {
    side: which > 0 ? 'longs' : 'shorts',
    near: NEAR,
    kNear: sum(broken) === 0 ? 0 : sum(broken) / sum(absorbing),
    kMost: k[most],
    at: from[most],
    criticalFrom: critical.length === 0 ? null : from[critical[0]],
    criticalBins: critical.length,
    bookEndsAt: ended === undefined ? null : from[ended],
  };
}

function criticalityInWords(of: Criticality): string {
  const { side, near, kNear, kMost, at, criticalFrom, criticalBins, bookEndsAt } = of;
  const share = (value: number): string => `${threeDigits(100 * value)} %`;
  const where = side === 'longs' ? 'below' : 'above';
  const critical =
    criticalFrom === null
      ? 'above 1 nowhere'
      : `above 1 in ${criticalBins} ${criticalBins === 1 ? 'bin' : 'bins'}, the first ${share(criticalFrom)} ${where} it`;
  const ended = bookEndsAt === null ? '' : `; the book has ended ${share(bookEndsAt)} ${where} it`;
  return `  ${side}: k ${threeDigits(kNear)} within ${share(near)} of the mark, at most ${threeDigits(kMost)} at ${share(at)} ${where} it, ${critical}${ended}`;
}

function countBy(words: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
}

const BECAUSE: Readonly<Record<string, string>> = {
  liquidation: 'an order of another liquidation carried the price through its threshold',
  vault: 'the vault sold what it had taken over and carried the price through its threshold',
  shock: 'the orders of the shock carried the price through its threshold',
  trade: 'an ordinary trade carried the price through its threshold',
  quotes: 'quotes were moved or withdrawn',
  index: 'the index moved',
  funding: 'funding was charged',
  margin: 'its own margin changed',
  'other-contract': 'of another contract that shares its collateral',
  replay: 'of the marks of the off arm, which this arm replays',
  drift: 'the mark drifted there',
};

function inWords({ batch, task }: ChosenRun, story: Story, out: string | undefined): string {
  const { cell, replicate } = task;
  const { labels, scenario } = batch.cells[cell];
  const where = Object.entries(labels).map(([axis, label]) => `${axis}=${label}`);
  const value = (name: MetricName): number => story.metrics[name];
  const { first, largest, last, generations, causes } = story;
  const head = [
    batch.title,
    `cell ${cell}${where.length > 0 ? ` (${where.join(', ')})` : ''}, replicate ${replicate}, arm ${story.arm}, seed ${scenario.seed}, fingerprint ${story.fingerprint}`,
    '',
  ];
  const drawdowns = story.drawdowns
    .map(({ arm, drawdown }) => `${arm} ${threeDigits(drawdown)} bp`)
    .join(', ');
  const counterfactual = `The local mid fell at most, arm by arm on the same streams: ${drawdowns}.`;
  const tail = [
    'Fuel over book just before the shock (k: what breaks while the mark crosses a bin, over the book on the way there; above 1 it feeds itself):',
    ...story.criticality.map(criticalityInWords),
    counterfactual,
    ...(out === undefined ? [] : [`charts in ${out}`]),
    '',
  ];
  if (first === undefined || largest === undefined || last === undefined)
    return [...head, 'Nobody was liquidated.', ...tail].join('\n');
  return [
    ...head,
    `What broke first: at ${seconds(first.time)} a ${first.side} of ${money(first.notional)} of ${first.population} (${threeDigits(first.leverage)}x), mark ${threeDigits(first.mark)}, index ${threeDigits(first.index)}, because ${BECAUSE[first.cause]}.`,
    `It found ${money(first.depth)} within 1 % of the mid. The depth of bids was ${money(value('depth_before'))} before the shock and ${money(story.depthAtWorst)} at its lowest.`,
    'What broke them all:',
    ...causes.map(
      ({ cause, liquidations, share }) =>
        `  ${liquidations} (${threeDigits(100 * share)} %): ${BECAUSE[cause]}`,
    ),
    '  (the last order that carried the price there; what liquidations do by driving makers off, or by having opened the way, is not',
    '  counted. How much of the cascade they make, the arms below tell)',
    'How it grew:',
    ...generations.map(
      ({ generation, liquidations, from, to, forced }) =>
        `  generation ${generation}: ${liquidations} ${liquidations === 1 ? 'liquidation' : 'liquidations'}, ${seconds(from)} to ${seconds(to)}, ${money(forced)} traded`,
    ),
    `The largest position: number ${largest.number}, ${money(largest.notional)} of ${largest.population}, at ${seconds(largest.time)}, generation ${largest.generation}.`,
    `How they ended: ${Object.entries(story.endedBy)
      .map(([end, count]) => `${count} ${end}`)
      .join(', ')}.`,
    'Who paid:',
    `  the insurance fund ${money(value('fund_used'))} (and took in ${money(value('fund_gained'))})`,
    `  winners closed by auto-deleveraging: ${money(value('adl_notional'))} of ${value('adl_accounts')} accounts`,
    `  socialised ${money(value('socialised_loss'))}, nobody ${money(value('uncovered_loss'))}; the rest came out of the liquidated accounts' own margin`,
    `When it stopped: the last account broke at ${seconds(last.time)} (${BECAUSE[last.cause]}); the lowest mid was ${seconds(value('drawdown_at'))} after the shock began.`,
    ...tail,
  ].join('\n');
}

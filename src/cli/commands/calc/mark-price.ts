import type { CommandModule } from 'yargs';
import { calcVenueMark, markSourcesOf } from '../../../index.ts';
import type { MarkQuestion } from '../../../index.ts';
import { InputError } from '../../errors.ts';
import { amount } from '../../format.ts';
import { findVenue, VENUE_OPTIONS } from '../../venues.ts';
import { positive, written, wrong } from '../../written.ts';
import { print } from './answer.ts';

interface Options extends Readonly<Record<(typeof PRICES)[number], string | undefined>> {
  readonly venue: string;
  readonly set: readonly string[];
  readonly index: string;
  readonly mid: string | undefined;
  readonly fundingRate: string;
  readonly fundingShare: string;
  readonly source: readonly string[];
  readonly since: string;
  readonly json: boolean;
}

const PRICES = ['bid', 'ask', 'last', 'impactBid', 'impactAsk', 'microprice'] as const;

/** `cascade calc mark`: what a mark design makes of a market. */
export const markPrice: CommandModule<object, Options> = {
  command: 'mark',
  describe: 'Mark price some time after the market has left the index',
  builder: (y) =>
    y
      .options(VENUE_OPTIONS)
      .option('index', { type: 'string', demandOption: true, describe: 'Index price, before and now' })
      .option('mid', { type: 'string', describe: 'Bid and ask at once' })
      .option('bid', { type: 'string', describe: 'Best bid now' })
      .option('ask', { type: 'string', describe: 'Best ask now' })
      .option('last', { type: 'string', describe: 'Last trade (default: the midpoint)' })
      .option('impactBid', { type: 'string', describe: 'Average price of selling the impact notional' })
      .option('impactAsk', { type: 'string', describe: 'That of buying it' })
      .option('microprice', { type: 'string', describe: 'Best prices weighted by the sizes across' })
      .option('fundingRate', { type: 'string', default: '0', describe: 'Of one interval' })
      .option('fundingShare', {
        type: 'string',
        default: '0',
        describe: 'Time to the next funding over the interval, e.g. 50%',
      })
      .option('source', {
        type: 'string',
        array: true,
        default: [],
        describe:
          'Price of a venue outside that the design looks at, name:price (repeatable); one left out has none',
      })
      .option('since', {
        type: 'string',
        default: '2h',
        describe: 'How long it has been like this; before, all stood at the index',
      })
      .option('json', { type: 'boolean', default: false, describe: 'One JSON document, unrounded' }),
  handler: (options) =>
    print(options.json, () => {
      const venue = findVenue(options.venue, options.set);
      const moment = momentFrom(options);
      const marks = calcVenueMark(venue, { moment, since: positive('duration', 'since', options.since) });
      const silent = markSourcesOf(venue.exchange.mark).filter((name) => !(name in (moment.sources ?? {})));
      const { mark, long, short } = marks;
      return {
        json: { mark: known(mark), long: known(long), short: known(short) },
        lines: [
          ['mark', inWords(mark)],
          ...(long === mark && short === mark
            ? []
            : ([
                ['of longs', inWords(long)],
                ['of shorts', inWords(short)],
              ] as const)),
          ...(silent.length === 0
            ? []
            : ([['without', `${silent.join(', ')}: give --source ${silent[0]}:price`]] as const)),
        ],
      };
    }),
};

function momentFrom(options: Options): MarkQuestion['moment'] {
  const { mid, bid = mid, ask = mid } = options;
  if (mid !== undefined && (options.bid !== undefined || options.ask !== undefined)) {
    throw new InputError('Give --mid, or --bid and --ask');
  }
  const middle = bid !== undefined && ask !== undefined ? midpoint(bid, ask) : undefined;
  const last = options.last ?? middle;
  const given = Object.entries({ ...options, bid, ask, last }).filter(
    (entry): entry is [string, string] => PRICES.some((name) => name === entry[0]) && entry[1] !== undefined,
  );
  return {
    index: positive('money', 'index', options.index),
    ...Object.fromEntries(given.map(([name, text]) => [name, positive('money', name, text)])),
    fundingRate: written('share', 'fundingRate', options.fundingRate),
    fundingShare: written('share', 'fundingShare', options.fundingShare),
    sources: Object.fromEntries(options.source.map(sourceFrom)),
  };
}

function midpoint(bid: string, ask: string): string {
  return String((positive('money', 'bid', bid) + positive('money', 'ask', ask)) / 2);
}

function sourceFrom(text: string): [name: string, price: number] {
  const [name, price, ...more] = text.split(':');
  if (price === undefined || more.length > 0) throw wrong('source', text, 'name:price');
  return [name, positive('money', 'source', price)];
}

function known(price: number): number | null {
  return price === price ? price : null;
}

function inWords(price: number): string {
  return price === price ? amount(Number(price.toPrecision(9))) : 'none: the old one stays';
}

import type { CommandModule } from 'yargs';
import { calcFunding } from '../../../index.ts';
import { InputError } from '../../errors.ts';
import { percent } from '../../format.ts';
import { findVenue, VENUE_OPTIONS } from '../../venues.ts';
import { positive, written } from '../../written.ts';
import { print } from './answer.ts';

interface Options {
  readonly venue: string;
  readonly set: readonly string[];
  readonly premium: readonly string[];
  readonly markPremium: string;
  readonly long: string;
  readonly short: string;
  readonly intervals: string;
  readonly notional: string | undefined;
  readonly json: boolean;
}

const HOURS = 3_600_000_000;

/** `cascade calc funding`: what a funding rule comes to. */
export const funding: CommandModule<object, Options> = {
  command: 'funding',
  describe: 'Funding rate from the premium of the book over the index',
  builder: (y) =>
    y
      .options(VENUE_OPTIONS)
      .option('premium', {
        type: 'string',
        array: true,
        default: ['0'],
        describe:
          'What the book is over the index, e.g. 0.08%; several in a row share the interval (repeatable)',
      })
      .option('markPremium', { type: 'string', default: '0', describe: 'What the mark is over the index' })
      .option('long', {
        type: 'string',
        default: '1',
        describe: 'Open interest of longs, where the rule asks',
      })
      .option('short', { type: 'string', default: '1', describe: 'That of shorts' })
      .option('intervals', { type: 'string', default: '1', describe: 'Intervals in a row, all alike' })
      .option('notional', { type: 'string', describe: 'Of a long position, for its payment' })
      .option('json', { type: 'boolean', default: false, describe: 'One JSON document, unrounded' }),
  handler: (options) =>
    print(options.json, () => {
      const answer = calcFunding(findVenue(options.venue, options.set), {
        premiums: options.premium.map((text) => written('share', 'premium', text)),
        markPremium: written('share', 'markPremium', options.markPremium),
        openInterest: {
          long: positive('money', 'long', options.long),
          short: positive('money', 'short', options.short),
        },
        intervals: positive('count', 'intervals', options.intervals),
      });
      const { interval, rate, paid, looksAt } = answer;
      refuseUnread(options, looksAt);
      const payment =
        options.notional === undefined ? undefined : rate * positive('money', 'notional', options.notional);
      const hours = interval / HOURS;
      return {
        json: { ...answer, ...(payment === undefined ? {} : { payment }) },
        lines: [
          ['rate', interval === Infinity ? 'none' : `${rounded(rate)} each ${time(interval)}`],
          ...(interval === Infinity
            ? []
            : ([
                ['8 h', rounded((rate * 8) / hours)],
                ['a year', rounded((rate * 365 * 24) / hours)],
              ] as const)),
          ...(paid === 'at once' ? [] : ([['paid', 'at the end of the next interval']] as const)),
          ...(payment === undefined
            ? []
            : ([['a long pays', String(Number(payment.toPrecision(9)))]] as const)),
        ],
      };
    }),
};

/** A premium that the rule never looks at is a question about something else. */
function refuseUnread({ venue, premium, markPremium }: Options, looksAt: readonly string[]): void {
  const asked = { '--premium': ['book', premium], '--markPremium': ['mark', [markPremium]] } as const;
  for (const [option, [source, texts]] of Object.entries(asked)) {
    if (looksAt.includes(source) || texts.every((text) => written('share', option, text) === 0)) continue;
    const reads = looksAt.length === 0 ? 'nothing' : `the ${looksAt.join(' and the ')}`;
    throw new InputError(
      `The funding of ${venue} does not go by the ${source} (${option}); it goes by ${reads}`,
    );
  }
}

function time(micros: number): string {
  const [unit, name] =
    micros >= HOURS ? [HOURS, 'h'] : micros >= HOURS / 60 ? [HOURS / 60, 'min'] : [1e6, 's'];
  return `${Number((micros / unit).toPrecision(6))} ${name}`;
}

function rounded(rate: number): string {
  return percent(Number(rate.toPrecision(6)));
}

import type { CommandModule } from 'yargs';
import { calcDeleveraging } from '../../../index.ts';
import type { OpponentAsWritten } from '../../../index.ts';
import { amount } from '../../format.ts';
import { findTierFile, TIER_FOLDER, tierFilesIn } from '../../tier-files.ts';
import { findVenue, VENUE_OPTIONS } from '../../venues.ts';
import { positive, written, wrong } from '../../written.ts';
import { print } from './answer.ts';

interface Options {
  readonly venue: string;
  readonly set: readonly string[];
  readonly tiers: string | undefined;
  readonly contract: string | undefined;
  readonly side: 'long' | 'short';
  readonly mark: string;
  readonly price: string | undefined;
  readonly size: string;
  readonly account: readonly string[];
  readonly inverse: boolean | undefined;
  readonly seed: string;
  readonly json: boolean;
}

/** `cascade calc adl`: who is deleveraged. */
export const deleveraging: CommandModule<object, Options> = {
  command: 'adl',
  describe: 'Who gives up how much in an auto-deleveraging, and by which score',
  builder: (y) =>
    y
      .options(VENUE_OPTIONS)
      .option('tiers', { type: 'string', describe: 'Venue of the margin table (default: --venue)' })
      .option('contract', {
        type: 'string',
        describe: 'Another contract, by its margin table as in cascade tiers (default: that of the venue)',
      })
      .option('side', {
        choices: ['long', 'short'] as const,
        demandOption: true,
        describe: 'Of the accounts that are asked to give up',
      })
      .option('mark', { type: 'string', demandOption: true, describe: 'Mark price' })
      .option('price', { type: 'string', describe: 'Price at which they are closed (default: the mark)' })
      .option('size', { type: 'string', demandOption: true, describe: 'How much is to be closed' })
      .option('account', {
        type: 'string',
        array: true,
        demandOption: true,
        describe: 'name:size:entry:wallet, or with the maintenance margin behind it (repeatable)',
      })
      .option('inverse', {
        type: 'boolean',
        describe: 'Wallets are in the coin (default: as in the contract of the venue)',
      })
      .option('seed', { type: 'string', default: '1', describe: 'For rankings by lot' })
      .option('json', { type: 'boolean', default: false, describe: 'One JSON document, unrounded' }),
  handler: (options) =>
    print(options.json, () => {
      const { venue, set, tiers = venue, contract, side, price, inverse, seed } = options;
      const queue = calcDeleveraging(findVenue(venue, set), {
        ...(inverse === undefined ? {} : { kind: inverse ? 'inverse' : 'linear' }),
        ...(contract === undefined
          ? {}
          : { table: findTierFile(tierFilesIn(TIER_FOLDER), tiers, contract).table }),
        side: side === 'long' ? 1 : -1,
        mark: positive('money', 'mark', options.mark),
        ...(price === undefined ? {} : { price: positive('money', 'price', price) }),
        size: positive('money', 'size', options.size),
        opponents: options.account.map(accountFrom),
        seed,
      });
      return {
        json: { queue },
        lines: queue.map(({ name, score, size }) => [
          name,
          `${size === 0 ? 'nothing' : amount(size)}${score === null ? '' : ` (score ${rounded(score)})`}`,
        ]),
      };
    }),
};

function accountFrom(text: string): OpponentAsWritten {
  const [name, size, entry, wallet, maintenance, ...more] = text.split(':');
  if (wallet === undefined || more.length > 0) {
    throw wrong('account', text, 'name:size:entry:wallet or name:size:entry:wallet:maintenance');
  }
  return {
    name,
    size: positive('money', 'account', size),
    entry: positive('money', 'account', entry),
    wallet: written('money', 'account', wallet),
    ...(maintenance === undefined ? {} : { maintenance: positive('money', 'account', maintenance) }),
  };
}

function rounded(score: number): string {
  return Number.isFinite(score) ? String(Number(score.toPrecision(6))) : 'without bound';
}

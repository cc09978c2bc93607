import type { CommandModule } from 'yargs';
import { calcLiquidationStep } from '../../../index.ts';
import { amount } from '../../format.ts';
import { findTierFile, TIER_FOLDER, tierFilesIn } from '../../tier-files.ts';
import { findVenue, VENUE_OPTIONS } from '../../venues.ts';
import { positive } from '../../written.ts';
import { print } from './answer.ts';

interface Options {
  readonly venue: string;
  readonly set: readonly string[];
  readonly tiers: string | undefined;
  readonly contract: string | undefined;
  readonly side: 'long' | 'short';
  readonly entry: string;
  readonly size: string;
  readonly collateral: string;
  readonly mark: string;
  readonly inverse: boolean | undefined;
  readonly json: boolean;
}

/** `cascade calc fillable`: the first step of a liquidation. */
export const fillable: CommandModule<object, Options> = {
  command: 'fillable',
  describe: 'First step of a liquidation: its price limit and its size',
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
        describe: 'Of the position',
      })
      .option('entry', { type: 'string', demandOption: true, describe: 'Entry price' })
      .option('size', { type: 'string', demandOption: true, describe: 'In the asset' })
      .option('collateral', { type: 'string', demandOption: true, describe: 'Margin put in' })
      .option('mark', { type: 'string', demandOption: true, describe: 'Mark or oracle price now' })
      .option('inverse', {
        type: 'boolean',
        describe: 'Collateral is in the coin (default: as in the contract of the venue)',
      })
      .option('json', { type: 'boolean', default: false, describe: 'One JSON document, unrounded' }),
  handler: (options) =>
    print(options.json, () => {
      const { venue, set, tiers = venue, contract, side, inverse } = options;
      const answer = calcLiquidationStep(findVenue(venue, set), {
        ...(inverse === undefined ? {} : { kind: inverse ? 'inverse' : 'linear' }),
        ...(contract === undefined
          ? {}
          : { table: findTierFile(tierFilesIn(TIER_FOLDER), tiers, contract).table }),
        side: side === 'long' ? 1 : -1,
        entry: positive('money', 'entry', options.entry),
        size: positive('money', 'size', options.size),
        collateral: positive('money', 'collateral', options.collateral),
        mark: positive('money', 'mark', options.mark),
      });
      const { step, limit, size, bankruptcyPrice, isDistressed } = answer;
      return {
        json: answer,
        lines: [
          ...(isDistressed ? [] : ([['not liquidated', 'margin holds at this mark']] as const)),
          ['step', step],
          ...(limit === undefined ? [] : ([['limit', amount(limit)]] as const)),
          ...(size === undefined ? [] : ([['size', amount(size)]] as const)),
          ['bankruptcy price', amount(Number(bankruptcyPrice.toPrecision(9)))],
        ],
      };
    }),
};

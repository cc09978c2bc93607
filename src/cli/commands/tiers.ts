import type { CommandModule } from 'yargs';
import type { MarginTable } from '../../index.ts';
import { amount, percent } from '../format.ts';
import { toJson } from '../json.ts';
import { plainTable } from '../plain-table.ts';
import { filesOfVenue, findTierFile, TIER_FOLDER, tierFilesIn } from '../tier-files.ts';
import type { TierFile } from '../tier-files.ts';
import { importTiers } from './tiers-import.ts';

interface TiersOptions {
  readonly venue: string | undefined;
  readonly contract: string | undefined;
  readonly from: string;
  readonly json: boolean;
}

/** `cascade tiers`: margin tables, shown and imported. */
export const tiers: CommandModule = {
  command: 'tiers',
  describe: 'Margin tables: all of them, those of a venue, or one in full',
  builder: (y) => y.command(showTiers).command(importTiers),
  handler: () => undefined,
};

/** `cascade tiers [venue] [contract]`: one margin table, or all there are. */
const showTiers: CommandModule<object, TiersOptions> = {
  command: '$0 [venue] [contract]',
  describe: 'Show them',
  builder: (y) =>
    y
      .positional('venue', { type: 'string', describe: 'As in cascade tiers' })
      .positional('contract', { type: 'string', describe: 'As in cascade tiers, or as the venue writes it' })
      .option('from', {
        type: 'string',
        default: TIER_FOLDER,
        defaultDescription: 'those that ship',
        describe: 'Folder of tables',
      })
      .option('json', { type: 'boolean', default: false, describe: 'One JSON document' }),
  handler: ({ venue, contract, from, json }) => {
    const files = tierFilesIn(from);
    if (venue !== undefined && contract !== undefined) {
      const file = findTierFile(files, venue, contract);
      process.stdout.write(json ? toJson(inJson(file)) : inFull(file));
      return;
    }
    const listed = venue === undefined ? files : filesOfVenue(files, venue);
    process.stdout.write(json ? toJson(listed.map(inJson)) : inList(listed));
  },
};

function inJson({ venue, contract, path, table }: TierFile): object {
  return { venue, contract, file: path, ...table };
}

function inList(files: readonly TierFile[]): string {
  const rows = files.map(({ venue, contract, table }) => [
    venue,
    contract,
    table.rule,
    largestLeverage(table),
    table.asOf,
    table.confidence,
  ]);
  return `${plainTable(['venue', 'contract', 'rule', 'leverage', 'as of', 'confidence'], rows, { right: ['leverage'] })}\n`;
}

function inFull({ venue, contract, path, table }: TierFile): string {
  const { symbol, about, source, asOf, confidence, members } = table;
  return [
    `${[venue, contract].join(' ').trim()} (${symbol}): ${table.rule}`,
    ...(about === '' ? [] : [`  ${about}`]),
    ...(members.length === 0 ? [] : [`  For: ${members.join(', ')}`]),
    `  Source: ${source}${asOf === '' ? '' : `; as of ${asOf}`}${confidence === '' ? '' : `; ${confidence}`}`,
    `  ${path}`,
    '',
    body(table),
    '',
  ].join('\n');
}

function largestLeverage(table: MarginTable): string {
  switch (table.rule) {
    case 'marginal-tiers':
      return times(table.table.tiers[0].maxLeverage);
    case 'whole-position-tiers':
      return times(table.tiers[0].maxLeverage);
    case 'linear-in-size':
      return times(1 / table.baseInitialMargin);
    case 'oi-scaled':
      return times(1 / table.initialMarginFraction);
    case 'oi-factor':
      return times(1 / table.minCollateralFactor);
    case 'two-thresholds':
      return times(table.maxLeverage);
    case 'fragment':
      return '';
  }
}

function body(table: MarginTable): string {
  switch (table.rule) {
    case 'marginal-tiers':
      return columns(
        ['tier', `up to (${table.currency})`, 'maintenance', 'deduction', 'leverage'],
        table.table.tiers.map(({ cap, maintenanceRate, deduction, maxLeverage }, i) => [
          String(i + 1),
          cap === Infinity ? 'any' : amount(cap),
          percent(maintenanceRate),
          amount(deduction),
          times(maxLeverage),
        ]),
      );
    case 'whole-position-tiers': {
      const unit = table.sizedBy === 'contracts' ? `contracts of ${table.contractSize}` : table.currency;
      const { step } = table;
      const rows = table.tiers.map(({ cap, maintenanceRate, initialRate, maxLeverage }, i) => [
        String(i + 1),
        amount(cap),
        percent(maintenanceRate),
        percent(initialRate),
        times(maxLeverage),
      ]);
      const further =
        step === undefined
          ? []
          : [
              [
                'then',
                `+ ${amount(step.size)}`,
                `+ ${percent(step.maintenanceRate)}`,
                `+ ${percent(step.initialRate)}`,
                '',
              ],
            ];
      return columns(
        ['tier', `up to (${unit})`, 'maintenance', 'initial', 'leverage'],
        [...rows, ...further],
      );
    }
    case 'linear-in-size':
      return pairs([
        ['initial margin', `${percent(table.baseInitialMargin)} + ${percent(table.slopePerCoin)} a coin`],
        [
          'maintenance margin',
          `${percent(table.baseMaintenanceMargin)} + ${percent(table.slopePerCoin)} a coin`,
        ],
      ]);
    case 'oi-scaled':
      return pairs([
        ['initial margin', percent(table.initialMarginFraction)],
        ['maintenance margin', percent(table.initialMarginFraction * table.maintenanceFraction)],
        [
          'open interest that raises the initial margin to 100 %',
          table.openInterestUpperCap === 0
            ? 'none'
            : `${amount(table.openInterestLowerCap)} to ${amount(table.openInterestUpperCap)} ${table.currency}`,
        ],
        ['impact notional', `${amount(table.impactNotional)} ${table.currency}`],
      ]);
    case 'oi-factor':
      return pairs([
        [
          'collateral to open',
          `${percent(table.minCollateralFactor)}, or open interest · ${table.openInterestMultiplier}`,
        ],
        [
          'collateral to stay open',
          `${percent(table.minCollateralFactorForLiquidation)}, at least ${table.minCollateral} ${table.currency}`,
        ],
        ['open interest a side, at most', `${amount(table.maxOpenInterestPerSide)} ${table.currency}`],
        ['liquidation fee', percent(table.liquidationFee)],
      ]);
    case 'two-thresholds':
      return pairs([
        ['closed for its leverage beyond', times(table.maxLeverage)],
        [
          'closed for the fees below',
          `${percent(table.marginFee)} + ${amount(table.liquidationFee)} ${table.currency}`,
        ],
      ]);
    case 'fragment':
      return columns(
        Object.keys(table.known[0]),
        table.known.map((row) =>
          Object.values(row).map((value) => (value === null ? 'unknown' : JSON.stringify(value))),
        ),
      );
  }
}

function columns(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return plainTable(head, rows, { right: head.slice(1) });
}

function pairs(rows: readonly (readonly [string, string])[]): string {
  return plainTable(['', ''], rows).split('\n').slice(1).join('\n');
}

function times(leverage: number): string {
  return `${amount(Math.round(leverage * 100) / 100)}x`;
}

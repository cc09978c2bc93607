import type { CommandModule } from 'yargs';
import { calcLiquidation } from '../../../index.ts';
import type { LiquidationAnswer, OtherPosition } from '../../../index.ts';
import { InputError } from '../../errors.ts';
import { amount, percent } from '../../format.ts';
import { findTierFile, isSameContract, TIER_FOLDER, tierFilesIn } from '../../tier-files.ts';
import type { TierFile } from '../../tier-files.ts';
import { positive, written, wrong } from '../../written.ts';
import { print } from './answer.ts';
import type { Answer } from './answer.ts';

interface Options {
  readonly venue: string;
  readonly contract: string;
  readonly side: 'long' | 'short';
  readonly entry: string;
  readonly size: string;
  readonly leverage: string | undefined;
  readonly collateral: string | undefined;
  readonly wallet: string | undefined;
  readonly position: readonly string[];
  readonly accrued: string;
  readonly mark: string | undefined;
  readonly feeToClose: string | undefined;
  readonly openInterest: string | undefined;
  readonly share: string | undefined;
  readonly inverse: boolean | undefined;
  readonly from: string;
  readonly json: boolean;
}

/** `cascade calc liquidation`: where a position breaks. */
export const liquidation: CommandModule<object, Options> = {
  command: 'liquidation',
  describe: 'Liquidation and bankruptcy price of a position',
  builder: (y) =>
    y
      .option('venue', { type: 'string', demandOption: true, describe: 'As in cascade tiers' })
      .option('contract', { type: 'string', demandOption: true, describe: 'As in cascade tiers' })
      .option('side', {
        choices: ['long', 'short'] as const,
        demandOption: true,
        describe: 'Of the position',
      })
      .option('entry', { type: 'string', demandOption: true, describe: 'Entry price' })
      .option('size', {
        type: 'string',
        demandOption: true,
        describe: 'In the asset; of an inverse contract in quote currency',
      })
      .option('leverage', { type: 'string', describe: 'Isolated: notional at entry over margin' })
      .option('collateral', { type: 'string', describe: 'Isolated: the margin itself' })
      .option('wallet', { type: 'string', describe: 'Cross: all the collateral of the account' })
      .option('position', {
        type: 'string',
        array: true,
        default: [],
        describe: 'Cross: another position, contract:side:size:entry:mark (repeatable)',
      })
      .option('accrued', {
        type: 'string',
        default: '0',
        describe: 'Funding, borrowing and fees owed so far; negative for what is to come in',
      })
      .option('mark', { type: 'string', describe: 'Mark price now (default: the entry price)' })
      .option('feeToClose', {
        type: 'string',
        describe: 'Fee of closing, as a share of the notional, where the venue adds it to the margin',
      })
      .option('openInterest', { type: 'string', describe: 'Of the market, where leverage depends on it' })
      .option('share', {
        type: 'string',
        describe: 'Also where equity is this share of the maintenance margin, e.g. 2/3',
      })
      .option('inverse', {
        type: 'boolean',
        describe:
          'Margined and settled in the coin: amounts are coins (default: when the margin table is in coins)',
      })
      .option('from', {
        type: 'string',
        default: TIER_FOLDER,
        defaultDescription: 'those that ship',
        describe: 'Folder of margin tables',
      })
      .option('json', { type: 'boolean', default: false, describe: 'One JSON document, unrounded' }),
  handler: (options) => print(options.json, () => answerTo(options)),
};

function answerTo(options: Options): Answer {
  const { venue, contract, side, leverage, collateral, wallet, mark } = options;
  const { feeToClose, openInterest, share } = options;
  const backing = { leverage, collateral, wallet };
  const given = Object.entries(backing).filter(([, text]) => text !== undefined);
  if (given.length !== 1) {
    const found = given.length === 0 ? 'none' : given.map(([name]) => `--${name}`).join(' and ');
    throw new InputError(`Give one of --leverage, --collateral and --wallet; there is ${found}`);
  }
  if (options.position.length > 0 && wallet === undefined) {
    throw new InputError('Other positions count under cross margin only: give --wallet');
  }
  const files = tierFilesIn(options.from);
  const file = findTierFile(files, venue, contract);
  const { currency } = file.table;
  const { inverse = isCoin(currency) } = options;
  const [[name, text]] = given as [[string, string]];
  const answer = calcLiquidation({
    kind: inverse ? 'inverse' : 'linear',
    table: file.table,
    side: side === 'long' ? 1 : -1,
    entry: positive('money', 'entry', options.entry),
    size: positive('money', 'size', options.size),
    [name === 'leverage' ? 'leverage' : 'collateral']: positive('money', name, text),
    ...(wallet === undefined
      ? {}
      : { others: options.position.map((position) => otherFrom(position, files, { file, contract })) }),
    accrued: written('money', 'accrued', options.accrued),
    ...(mark === undefined ? {} : { mark: positive('money', 'mark', mark) }),
    ...(feeToClose === undefined ? {} : { feeToClose: written('share', 'feeToClose', feeToClose) }),
    ...(openInterest === undefined ? {} : { openInterest: written('money', 'openInterest', openInterest) }),
    ...(share === undefined ? {} : { marginShare: shareFrom(share) }),
  });
  return {
    json: { venue: file.venue, contract: file.contract, ...answer },
    lines: inWords(answer, {
      currency: inverse && !isCoin(currency) ? 'in the coin' : currency,
      backing: name,
    }),
  };
}

/** Whether amounts of a margin table are in the coin of an inverse contract: neither dollars nor one of the tokens that stand for them. */
function isCoin(currency: string): boolean {
  return currency !== '' && !currency.includes('USD');
}

/** `2/3`, or a share as anywhere. */
function shareFrom(text: string): number {
  const [, above, below] = /^(\d+)\/([1-9]\d*)$/.exec(text) ?? [];
  return above === undefined ? positive('share', 'share', text) : Number(above) / Number(below);
}

/** `asked`: the position that is asked about. The other stands still at its mark, so it has to be in another contract. */
function otherFrom(
  text: string,
  files: readonly TierFile[],
  asked: { readonly file: TierFile; readonly contract: string },
): OtherPosition {
  const parts = text.split(':');
  const [contract, side, size, entry, mark] = parts;
  if (parts.length !== 5 || (side !== 'long' && side !== 'short')) {
    throw wrong('position', text, 'contract:side:size:entry:mark, such as ETHUSDT:short:10:3000:2950');
  }
  const file = findTierFile(files, asked.file.venue, contract);
  const { table } = file;
  const { currency } = asked.file.table;
  if (file === asked.file && isSameContract(file, contract, asked.contract)) {
    throw wrong('position', text, 'another contract; count one in the same into --size and --entry');
  }
  if (table.currency !== currency && table.currency !== '' && currency !== '') {
    throw wrong('position', text, `a contract in ${currency}, as the wallet is, not in ${table.currency}`);
  }
  const numbers = [size, entry, mark].map((part) => positive('money', 'position', part));
  return { table, side: side === 'long' ? 1 : -1, size: numbers[0], entry: numbers[1], mark: numbers[2] };
}

/** `backing`: the option that says what backs the position. `currency`: that of all amounts. */
function inWords(
  answer: LiquidationAnswer,
  { currency, backing }: { readonly currency: string; readonly backing: string },
): Answer['lines'] {
  const { distance, collateral, marginSharePrice, thresholds, tier } = answer;
  return [
    ['liquidation price', priceInWords(answer.liquidationPrice)],
    ...(thresholds === undefined
      ? []
      : ([
          ['for its leverage', rounded(thresholds.leverage)],
          ['for the fees', rounded(thresholds.fees)],
        ] as const)),
    ...(marginSharePrice === undefined
      ? []
      : ([['share of the margin', priceInWords(marginSharePrice)]] as const)),
    ['bankruptcy price', priceInWords(answer.bankruptcyPrice)],
    ['distance', distance === null ? 'none' : percent(Number(distance.toPrecision(6)))],
    ['collateral', `${rounded(collateral)} ${currency}`],
    ['leverage', leverageInWords(answer, backing)],
    ...(tier === null
      ? []
      : ([
          ['tier there', `${tier.number}: ${percent(tier.maintenanceRate)} less ${amount(tier.deduction)}`],
          ['margin there', `${rounded(tier.maintenanceMargin)} of ${rounded(tier.notional)} ${currency}`],
        ] as const)),
  ];
}

/** A position that has lost may have more leverage than one that is opened; one that is asked about anew may not. */
function leverageInWords({ collateral, leverage, maxLeverage }: LiquidationAnswer, backing: string): string {
  const most = `${rounded(leverage)}x of at most ${rounded(maxLeverage)}x`;
  if (leverage <= maxLeverage * (1 + 1e-9)) return most;
  const least = rounded((collateral * leverage) / maxLeverage);
  return `${most}: it cannot be opened so; give --${backing} ${least} or more, or a smaller --size`;
}

function priceInWords(price: number | null): string {
  return price === null ? 'none' : rounded(price);
}

/** To be read; `--json` has all digits. */
function rounded(value: number): string {
  return amount(Number(value.toPrecision(9)));
}

import { Accounts } from '../../accounts/accounts.ts';
import { FIRST_TRADER, OUTSIDE } from '../../accounts/ledger.ts';
import type { MarginTable } from '../../accounts/margin-table.ts';
import { RandomSource } from '../../base/random.ts';
import type { Side } from '../../base/units.ts';
import { valueOf } from '../../market/contract.ts';
import type { ContractKind } from '../../market/contract.ts';
import { opponentOf } from '../../risk/adl/opponent.ts';
import { catalogue } from '../../world/catalogue.ts';
import { creatorFrom } from '../../world/create.ts';
import type { Venue } from '../../world/venue.ts';
import { exactContract } from './exact-contract.ts';
import { scheduleOf } from './margin-schedule.ts';

/** Accounts on the other side of one that is deleveraged. Units as in `LiquidationQuestion`. */
export interface DeleveragingQuestion {
  /** That of the venue's contract when left out. */
  readonly kind?: ContractKind;
  /** The venue's own margin rule when left out. */
  readonly table?: MarginTable | undefined;
  /** Of the accounts that are asked to give up. */
  readonly side: Side;
  readonly mark: number;
  /** Price at which they would be closed; the mark when left out. */
  readonly price?: number;
  /** How much is to be closed. */
  readonly size: number;
  readonly opponents: readonly OpponentAsWritten[];
  /** For a ranking by lot. */
  readonly seed: string;
}

export interface OpponentAsWritten {
  readonly name: string;
  readonly size: number;
  readonly entry: number;
  /** Collateral with realised profit, without the unrealised. */
  readonly wallet: number;
  /** That of the table when left out. */
  readonly maintenance?: number;
}

export interface Deleveraged {
  readonly name: string;
  /** What a queue goes by; null where the ranking is none. */
  readonly score: number | null;
  /** What it gives up; 0: nothing. */
  readonly size: number;
}

/** Who gives up how much: those who do in the order of the ranking, then the rest. */
export function calcDeleveraging(
  { contract: rules, exchange }: Pick<Venue, 'contract' | 'exchange'>,
  question: DeleveragingQuestion,
): Deleveraged[] {
  const { kind = rules.kind, table, side, mark, price = mark, size, opponents: written } = question;
  const exact = exactContract({
    kind,
    prices: [mark, price, ...written.map(({ entry }) => entry)],
    sizes: [size, ...written.map((one) => one.size)],
    amounts: written.flatMap(({ wallet, maintenance = 0 }) => [wallet, maintenance]),
    takerFee: rules.takerFee,
  });
  const { contract } = exact;
  const schedule = scheduleOf({ exchange }, table, contract, exact.ticks(mark));
  const accounts = new Accounts(FIRST_TRADER + written.length, contract);
  const opponents = written.map(({ entry, wallet, maintenance, ...one }, i) => {
    const account = FIRST_TRADER + i;
    const lots = side * exact.lots(one.size);
    const paid = valueOf(contract, lots, exact.ticks(entry));
    accounts.ledger.transfer(OUTSIDE, account, exact.money(wallet) - paid);
    accounts.openPosition(account, lots, exact.ticks(entry));
    const opponent = opponentOf(accounts, schedule, account, exact.ticks(mark));
    return maintenance === undefined ? opponent : { ...opponent, maintenance: exact.money(maintenance) };
  });
  const random = new RandomSource(question.seed).stream('adl');
  const ranking = creatorFrom(catalogue).adl(exchange.adl, { random });
  const given = ranking.allocate(exact.lots(size), opponents, { price: exact.ticks(price) });
  const order = [
    ...new Set([...given.map(({ account }) => account), ...opponents.map(({ account }) => account)]),
  ];
  return order.map((account) => {
    const i = account - FIRST_TRADER;
    const lots = given.find((one) => one.account === account)?.lots ?? 0;
    return {
      name: written[i].name,
      score: ranking.score?.(opponents[i]) ?? null,
      size: lots === 0 ? 0 : exact.size(lots),
    };
  });
}

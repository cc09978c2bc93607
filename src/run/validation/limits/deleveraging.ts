import { RandomSource } from '../../../base/random.ts';
import type { RandomStream } from '../../../base/random.ts';
import type { Lots } from '../../../base/units.ts';
import { FIRST_TRADER } from '../../../accounts/ledger.ts';
import type { AdlRanking, Opponent } from '../../../risk/adl/adl-ranking.ts';
import { catalogue } from '../../../world/catalogue.ts';
import { creatorFrom } from '../../../world/create.ts';
import { exactly } from '../check.ts';
import type { Check, Finding } from '../check.ts';
import { runWorld } from '../laboratory.ts';
import type { Laboratory } from '../laboratory.ts';

const DEALS = 2_000;

export const deleveraging: Check = {
  id: 'limit-11',
  group: 'limits',
  title: 'Deleveraging and socialised losses',
  theory:
    'haircuts h add up to what is lacking, Σ h·e⁺ = θD (budget balance); nobody gives more than it has, θD ≤ Σ e⁺ (feasibility); capped pro-rata leaves the order of the accounts as it was (stability)',
  source: 'arXiv 2512.01112',
  perturbs: 'what is to be shared out',
  run: (lab) => [...proRata(lab), ...otherRankings(lab), ...socialisedLoss(lab)],
};

function proRata(lab: Laboratory): Finding[] {
  const deals = sharedOut(ranking('pro-rata', lab), lab);
  const disorder = deals.reduce((sum, deal) => sum + overtaken(deal), 0);
  return [
    ...budget('capped pro-rata', deals),
    exactly('pairs of accounts that change their order, capped pro-rata', 0, disorder),
    exactly(
      'accounts whose haircut is off the common one by a lot or more, capped pro-rata',
      0,
      deals.reduce((sum, { needed, opponents, given }) => {
        const total = opponents.reduce((all, { lots }) => all + lots, 0);
        const share = Math.min(1, needed / total);
        return sum + opponents.filter(({ lots }, i) => Math.abs(given[i] - share * lots) > 1).length;
      }, 0),
    ),
  ];
}

/** Queues and water filling share out the same amount, in another order. */
function otherRankings(lab: Laboratory): Finding[] {
  return ['water-filling', 'leveraged-return'].flatMap((name) =>
    budget(name, sharedOut(ranking(name, lab), lab)),
  );
}

/**
 * 1 000 lots at 100 000 and leverage 50: bankrupt at 98 000. The sale takes the book down to 97 000, where the stop lies; it fills on
 * the next ten levels, at 96 994.5 on average, and the fund is empty.
 */
function socialisedLoss(lab: Laboratory): Finding[] {
  const lots = Math.round(1_000 * lab.off);
  const deficit = 1_000 * (98_000 - 96_994.5);
  const { recorder } = runWorld(
    lab.scenario('limits/index-mark.yaml', [
      `agents.longs={ kind: leveraged-holder, count: 1, openInterest: ${lots}, leverage: 50, entry: 0, stopLoss: 1, stopDistance: 0.03 }`,
      'agents.hedged.entry=0.05',
      'shocks.sale.notional=300k',
      'exchange.insuranceFund=0',
      'expect=[]',
    ]),
  );
  return [
    exactly(
      'loss socialised over those in profit, D as reckoned by hand (tick·lots)',
      deficit,
      recorder.socialisedLoss,
    ),
    exactly('part of it that nobody paid (tick·lots)', 0, recorder.uncoveredLoss),
  ];
}

/** One deleveraging: what was asked for, of whom, and what each gave. */
interface Deal {
  readonly needed: Lots;
  readonly opponents: readonly Opponent[];
  readonly given: readonly Lots[];
}

function budget(name: string, deals: readonly Deal[]): Finding[] {
  let [unbalanced, beyond] = [0, 0];
  for (const { needed, opponents, given } of deals) {
    const held = opponents.reduce((sum, { lots }) => sum + lots, 0);
    unbalanced += Math.abs(given.reduce((sum, lots) => sum + lots, 0) - Math.min(needed, held));
    beyond += given.filter((lots, i) => lots > opponents[i].lots || lots < 0).length;
  }
  const n = deals.length;
  return [
    { ...exactly(`lots given beside min(needed, held), all deals, ${name}`, 0, unbalanced), n },
    { ...exactly(`accounts that give more than they have, ${name}`, 0, beyond), n },
  ];
}

/** Larger before, smaller after, by more than the lot that rounding deals out. */
function overtaken({ opponents, given }: Deal): number {
  const rest = opponents.map(({ lots }, i) => lots - given[i]);
  let pairs = 0;
  for (let i = 0; i < rest.length; i++)
    for (let j = 0; j < rest.length; j++)
      if (opponents[i].lots > opponents[j].lots && rest[i] < rest[j] - 1) pairs++;
  return pairs;
}

function ranking(name: string, lab: Laboratory): AdlRanking {
  const { exchange } = lab.scenario('limits/static-market.yaml', [`exchange.adl={ ranking: ${name} }`]);
  return creatorFrom(catalogue).adl(exchange.adl, { random: new RandomSource('1').stream('adl') });
}

function sharedOut(rule: AdlRanking, lab: Laboratory): Deal[] {
  const random = new RandomSource('1').stream('deals');
  return Array.from({ length: DEALS }, () => {
    const opponents = Array.from({ length: 1 + random.below(30) }, (_, i) => opponent(i, random));
    const held = opponents.reduce((sum, { lots }) => sum + lots, 0);
    const needed = Math.ceil(held * 1.1 * random.uniform());
    const given = opponents.map(() => 0);
    for (const { account, lots } of rule.allocate(Math.round(needed * lab.off), opponents, { price: 100 }))
      given[account - FIRST_TRADER] += lots;
    return { needed, opponents, given };
  });
}

/** A short at a mark of 100, sizes over three decades, some of them under water. */
function opponent(i: number, random: RandomStream): Opponent {
  const lots = 1 + Math.floor(random.exponential() * (random.below(4) === 0 ? 1_000 : 30));
  const entry = 90 + random.below(40);
  const unrealisedPnl = lots * (entry - 100);
  const wallet = Math.max(1, Math.ceil(lots * entry * (0.02 + random.uniform())));
  const equity = Math.max(1, wallet + unrealisedPnl);
  return {
    account: FIRST_TRADER + i,
    side: -1,
    lots,
    unrealisedPnl,
    wallet,
    equity,
    notional: lots * 100,
    entryNotional: lots * entry,
    maintenance: lots * 0.5,
    bankruptcyPrice: 100 + equity / lots,
  };
}

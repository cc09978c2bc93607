import { FIRST_TRADER } from '../../../accounts/ledger.ts';
import { triggerPrice } from '../../../accounts/margin.ts';
import { compare, exactly } from '../check.ts';
import type { Check, Finding } from '../check.ts';
import { runWorld } from '../laboratory.ts';
import type { Laboratory } from '../laboratory.ts';
import { depth, LOTS_PER_TICK, mark, START } from '../static-market.ts';

const FILE = 'limits/static-market.yaml';
/** Maintenance margin rate of the file. */
const M = 0.005;
/** Where the one account breaks. */
const BREAKS_AT = 99_000;

export const isolatedMargin: Check = {
  id: 'limit-8',
  group: 'limits',
  title: 'Isolated margin',
  theory:
    'leverage L, entry e: bankrupt at e(1 − 1/L), liquidated at that over 1 − m; the largest position that costs the fund nothing is 2·D·m·P*',
  perturbs: 'depth of the book, and the entry price',
  run: (lab) => [largestPosition(lab), ...[3, 20, 100].flatMap((leverage) => liquidation(leverage, lab))],
};

function largestPosition(lab: Laboratory): Finding {
  const fundPaysFor = (lots: number): boolean =>
    runWorld(
      lab.scenario(FILE, [
        `agents.longs={ kind: threshold-holder, perPercent: 1, to: 1%, notional: ${lots} }`,
        // Brings the last trade to where the account breaks.
        `shocks.sale.notional=${Math.round(100_000 * lab.off)}`,
        depth(lab.off),
      ]),
    ).recorder.fundOut > 0;
  const expected = 2 * LOTS_PER_TICK * M * BREAKS_AT;
  let [without, withLoss] = [0.9 * expected, 1.1 * expected].map(Math.round) as [number, number];
  if (fundPaysFor(without)) withLoss = without;
  while (withLoss - without > 10) {
    const lots = Math.round((without + withLoss) / 2);
    if (fundPaysFor(lots)) withLoss = lots;
    else without = lots;
  }
  return compare('largest position without loss to the fund (lots)', {
    theory: expected,
    simulated: without,
    tolerance: 2 * LOTS_PER_TICK,
    because: 'the first level lies one tick below P*: half a tick more slippage, one level of lots',
  });
}

/** The price falls slowly until the one account is liquidated. */
function liquidation(leverage: number, lab: Laboratory): Finding[] {
  const scenario = lab.scenario(FILE, [
    `agents.longs={ kind: leveraged-holder, count: 1, openInterest: 100k, leverage: ${leverage * lab.off}, entry: 0, stopLoss: 0 }`,
    mark('index-only'),
    'horizon=3s',
    'index.every=10ms',
    'feeds.alpha.every=10ms',
    'feeds.beta.every=10ms',
    `shocks.sale={ kind: price-jump, at: 100ms, size: ${-Math.min(1.2 / leverage, 0.9)}, over: 2s }`,
  ]);
  let trigger = NaN;
  const world = runWorld(scenario, {
    afterEvent({ exchange: { accounts }, schedule }) {
      for (let account = FIRST_TRADER; account < accounts.size && trigger !== trigger; account++) {
        if (accounts.lots[account] > 0)
          trigger = triggerPrice(schedule, accounts.ledger.balance[account], accounts.lots[account]);
      }
    },
  });
  const brokeAt = world.recorder.liquidationLines.column('mark')[0];
  const before = world.marks[world.marks.indexOf(brokeAt) - 1];
  return [
    compare(`liquidation price, leverage ${leverage} (ticks)`, {
      theory: (START * (1 - 1 / leverage)) / (1 - M),
      simulated: trigger,
      tolerance: 1,
      because: 'a whole tick of price, a whole lot of size',
    }),
    exactly(`accounts liquidated, leverage ${leverage}`, 1, world.recorder.liquidations),
    exactly(
      `liquidated by the first mark at or below that price, leverage ${leverage} (1: yes)`,
      1,
      Number(brokeAt <= trigger && before > trigger),
    ),
  ];
}

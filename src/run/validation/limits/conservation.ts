import { FIRST_TRADER } from '../../../accounts/ledger.ts';
import { exactly } from '../check.ts';
import type { Check } from '../check.ts';
import { runWorld } from '../laboratory.ts';

/** A living market with makers, arbitrage, noise, funding and twentyfold leverage, and a fund that a cascade empties. */
const SETTINGS = [
  'agents.holders.leverage=20',
  'agents.makers.depthScale=0.3',
  'exchange.insuranceFund=10k',
  'shocks.sale.notional=40M',
  'expect=[]',
];

/** The event after which the books are tampered with, to see whether it is noticed. */
const SLIP_AT = 1_000;

export const conservation: Check = {
  id: 'limit-10',
  group: 'limits',
  title: 'Conservation after every event',
  theory:
    'all balances add up to 0, all positions net to 0, and funding is paid by some to others, to the last unit of money',
  perturbs: 'one balance and one position, by one unit of money and one lot',
  run(lab) {
    let [events, worstMoney, worstLots] = [0, 0, 0];
    const world = runWorld(lab.scenario('limits/no-leverage.yaml', SETTINGS), {
      afterEvent({ exchange: { accounts } }) {
        events++;
        // Not for good: the rest of the run would be another one.
        const slip = events === SLIP_AT ? Math.sign(lab.off - 1) : 0;
        accounts.ledger.balance[FIRST_TRADER] += slip;
        accounts.lots[FIRST_TRADER] += slip;
        worstMoney = Math.max(worstMoney, Math.abs(sum(accounts.ledger.balance)));
        worstLots = Math.max(worstLots, Math.abs(sum(accounts.lots)));
        accounts.ledger.balance[FIRST_TRADER] -= slip;
        accounts.lots[FIRST_TRADER] -= slip;
      },
    });
    const { recorder } = world;
    const n = events;
    return [
      { ...exactly('largest sum of all balances (units of money)', 0, worstMoney), n },
      { ...exactly('largest sum of all positions (lots)', 0, worstLots), n },
      exactly(
        'liquidations, funding, fund and deleveraging took part (of 4)',
        4,
        [recorder.liquidations, recorder.fundingPaid, recorder.fundOut, recorder.adlValue].filter(
          (x) => x > 0,
        ).length,
      ),
    ];
  },
};

function sum(values: Float64Array): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i];
  return total;
}

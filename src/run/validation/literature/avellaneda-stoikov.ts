import { moneyFromQuote, quoteFromMoney, valueOf } from '../../../market/contract.ts';
import { meanWithInterval } from '../../../metrics/estimates/mean.ts';
import { mean, variance } from '../../../metrics/estimates/moments.ts';
import type { Scenario } from '../../../world/scenario.ts';
import { compare, compareMean } from '../check.ts';
import type { Check, Finding } from '../check.ts';
import { runWorld } from '../laboratory.ts';
import type { Laboratory } from '../laboratory.ts';
import { meanSpread, sessionMoments, STRATEGIES } from './inventory-theory.ts';
import type { Session, SessionMoments, Strategy } from './inventory-theory.ts';

/** Of the file: T = 1 in 200 steps, σ = 2, A = 140, k = 1.5, γ = 0.1. */
const SESSION: Session = {
  steps: 200,
  volatility: 2 / Math.sqrt(200),
  rate: 0.7,
  decay: 1.5,
  riskAversion: 0.1,
};

/** What the maker starts with, in quote currency. */
const COLLATERAL = 1e9;

/** Table 1 of the paper, γ = 0.1, of so many simulations each. */
const PUBLISHED_N = 1000;
const PUBLISHED_SPREAD = 1.49;
const PUBLISHED: Readonly<Record<Strategy, SessionMoments>> = {
  reservation: { profit: 65.0, profitDeviation: 6.6, stockDeviation: 2.9 },
  index: { profit: 68.4, profitDeviation: 12.7, stockDeviation: 8.4 },
};
const NAMES: Readonly<Record<Strategy, string>> = { reservation: 'inventory', index: 'symmetric' };

export const avellanedaStoikov: Check = {
  id: 'avellaneda-stoikov',
  group: 'literature',
  title: 'A market maker who minds its inventory, and one who does not',
  theory:
    'the moments of profit and final inventory follow exactly from the chance A e^{−kδ} Δt that a quote is hit; published, of 1000 simulations: profit 65.0 ± 6.6 and inventory ± 2.9 against 68.4 ± 12.7 and ± 8.4 for quotes round the mid',
  source: 'Avellaneda and Stoikov, Quantitative Finance 8 (2008), table 1',
  perturbs: 'distance that takers go',
  run: (lab) => [
    compare('published average spread, against the formula', {
      theory: meanSpread(SESSION),
      simulated: PUBLISHED_SPREAD,
      tolerance: 0.005,
      because: 'three digits',
    }),
    ...STRATEGIES.flatMap((strategy) => {
      const theory = sessionMoments(SESSION, strategy);
      return [...published(strategy, theory), ...simulated(lab, strategy, theory)];
    }),
  ],
};

/** Whether the exact moments explain the table. A standard deviation of n normal values has a relative error of 1/√(2n). */
function published(strategy: Strategy, theory: SessionMoments): Finding[] {
  const table = PUBLISHED[strategy];
  const row = { n: PUBLISHED_N, bias: 0.05 };
  return [
    compareMean(`published profit, ${NAMES[strategy]}, against the exact one`, {
      ...row,
      theory: theory.profit,
      mean: table.profit,
      sd: theory.profitDeviation,
    }),
    ...(['profitDeviation', 'stockDeviation'] as const).map((which) =>
      compareMean(`published standard deviation of ${OF[which]}, ${NAMES[strategy]}, against the exact one`, {
        ...row,
        theory: theory[which],
        mean: table[which],
        sd: theory[which] / Math.SQRT2,
      }),
    ),
  ];
}

const OF = { profitDeviation: 'profit', stockDeviation: 'final inventory' } as const;

function simulated(lab: Laboratory, strategy: Strategy, theory: SessionMoments): Finding[] {
  const n = lab.replicates({ test: 60, quick: 500, full: 4_000 });
  const scenario = lab.scenario('literature/avellaneda-stoikov.yaml', [
    `agents.maker.centre=${strategy}`,
    `agents.takers.decay=${SESSION.decay / lab.off}`,
  ]);
  const results = Array.from({ length: n }, (_, replicate) => endOfSession(scenario, replicate));
  const profits = Float64Array.from(results, ({ profit }) => profit);
  const stocks = Float64Array.from(results, ({ stock }) => stock);
  return [
    meanFinding(`profit, ${NAMES[strategy]}`, theory.profit, profits),
    deviationFinding(`standard deviation of profit, ${NAMES[strategy]}`, theory.profitDeviation, profits),
    meanFinding(`final inventory, ${NAMES[strategy]}`, 0, stocks),
    deviationFinding(
      `standard deviation of final inventory, ${NAMES[strategy]}`,
      theory.stockDeviation,
      stocks,
    ),
  ];
}

/** Profit in quote currency, marked at the last index, and orders in stock. */
function endOfSession(scenario: Scenario, replicate: number): { profit: number; stock: number } {
  const world = runWorld(scenario, { replicate });
  const { contract, accounts } = world.exchange;
  const maker = accounts.lots.findIndex((_, account) => world.populationOf(account) === 'maker');
  const lots = accounts.lots[maker];
  const earned = accounts.ledger.balance[maker] - moneyFromQuote(contract, COLLATERAL);
  const profit = quoteFromMoney(contract, earned + valueOf(contract, lots, world.markets[0].index));
  return { profit, stock: lots };
}

function meanFinding(quantity: string, theory: number, values: Float64Array): Finding {
  const { estimate, low, high } = meanWithInterval(values);
  const sd = Math.sqrt(variance(values));
  return {
    ...compareMean(quantity, { theory, mean: estimate, sd, n: values.length }),
    interval: { low, high },
  };
}

/** The error of a root is that of the squares by the delta method. */
function deviationFinding(quantity: string, theory: number, values: Float64Array): Finding {
  const centre = mean(values);
  const squares = values.map((value) => (value - centre) ** 2);
  const { estimate, low, high } = meanWithInterval(squares);
  const sd = Math.sqrt(variance(squares)) / (2 * Math.sqrt(estimate));
  return {
    ...compareMean(quantity, { theory, mean: Math.sqrt(estimate), sd, n: values.length }),
    interval: { low: Math.sqrt(Math.max(0, low)), high: Math.sqrt(high) },
  };
}

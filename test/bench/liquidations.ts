import { Accounts } from '../../src/accounts/accounts.ts';
import { LiquidationIndex } from '../../src/accounts/liquidation-index.ts';
import { balanceToBreakAt, isDistressed, marginScheduleFrom } from '../../src/accounts/margin.ts';
import { RandomSource } from '../../src/base/random.ts';
import { contractFrom } from '../../src/market/contract.ts';
import type { Row } from './rows.ts';
import { type Contestant, equalWork, type Part, ratios, spreadOf, Turns } from './timing.ts';

const SIZES = [10_000, 100_000, 1_000_000];
const MARK = 500_000;
const CONTRACT = contractFrom({
  name: 'BTCUSDT',
  tick: 0.1,
  lot: 0.001,
  takerFee: 0,
  makerFee: 0,
  marketBand: 1,
});
const SCHEDULE = marginScheduleFrom(
  {
    contract: 'BTCUSDT',
    source: 'made up',
    asOf: '',
    tiers: [
      { floor: 0, cap: 10_000, maintenanceRate: 0.004, maxLeverage: 125, deduction: 0 },
      { floor: 10_000, cap: 30_000, maintenanceRate: 0.005, maxLeverage: 100, deduction: 10 },
      { floor: 30_000, cap: Infinity, maintenanceRate: 0.01, maxLeverage: 50, deduction: 160 },
    ],
  },
  CONTRACT,
);
const MARKS = 200_000;
const REINDEXED = 100_000;

/** Half longs and half shorts, that break 1 to 40 % away from the mark. */
class Population {
  readonly accounts: Accounts;
  readonly index: LiquidationIndex;
  private readonly random = new RandomSource('liquidations').stream('accounts');
  private readonly out = new Int32Array(1024);

  constructor(size: number) {
    this.accounts = new Accounts(size);
    this.index = new LiquidationIndex(this.accounts, SCHEDULE);
    for (let id = 0; id < size; id++) this.settle(id);
  }

  /** Gives an account a new position and balance, and its place in the index. */
  settle(id: number): void {
    const { random, accounts } = this;
    const side = id % 2 === 0 ? 1 : -1;
    const lots = side * (2 + random.below(1_000));
    accounts.lots[id] = lots;
    const trigger = Math.round(MARK * (1 - side * (0.01 + 0.39 * random.uniform())));
    accounts.ledger.balance[id] = balanceToBreakAt(SCHEDULE, lots, trigger);
    this.index.update(id);
  }

  /** Marks that break nobody. */
  calm(marks: number): number {
    let broken = 0;
    for (let i = 0; i < marks; i++) broken += this.index.crossed(MARK + (i & 1023) - 512, this.out);
    return broken;
  }

  /** The mark falls by 30 %, in a hundred steps. */
  crash(): number[] {
    const broken: number[] = [];
    for (let step = 1; step <= 100; step++) {
      const mark = Math.round(MARK * (1 - 0.003 * step));
      let count: number;
      do {
        count = this.index.crossed(mark, this.out);
        for (let i = 0; i < count; i++) broken.push(this.out[i]);
      } while (count === this.out.length);
    }
    return broken;
  }

  /** What the index spares: everybody is asked at a mark. */
  scan(mark: number): number {
    const { lots, ledger } = this.accounts;
    let broken = 0;
    for (let id = 0; id < lots.length; id++) {
      if (isDistressed(SCHEDULE, ledger.balance[id], lots[id], mark)) broken++;
    }
    return broken;
  }

  reindex(ids: Int32Array): void {
    const { balance } = this.accounts.ledger;
    for (const id of ids) {
      balance[id] += 1_000;
      this.index.update(id);
    }
  }
}

export function benchLiquidations(quick: boolean): Part {
  const populations = SIZES.map((size) => new Population(size));
  const rounds = quick ? 3 : 4;
  const calm = new Turns(
    rounds,
    populations.map((population, i) => turn(`${SIZES[i]}`, MARKS, () => population.calm(MARKS))),
  );
  const index = populations[1];
  const againstAll = new Turns(2, [
    turn('index', MARKS, () => index.calm(MARKS)),
    turn('scan', 1, () => index.scan(MARK)),
  ]);
  const { size } = index.accounts;
  const random = new RandomSource('liquidations').stream('reindexed');
  const ids = Int32Array.from({ length: REINDEXED }, () => random.below(size));
  const reindexed = new Turns(12, [turn('re-index', REINDEXED, () => index.reindex(ids))], { warmUp: 20 });
  const liquidations: number[] = [];
  return {
    sit() {
      for (const turns of [calm, againstAll, reindexed]) turns.sit();
      liquidations.push(...crashes(index, rounds));
    },
    rows() {
      const [small, middle, large] = calm.times;
      const [own, scanned] = againstAll.times;
      return [
        row('calm mark', middle, 100, 25),
        row('each liquidation', liquidations, 200, 100),
        row('re-index', reindexed.times[0], 120, 60),
        {
          what: 'index, calm mark, 10⁶ positions over 10⁴',
          unit: '×',
          measured: ratios(large, small),
          gate: 2,
          target: 1.2,
          more: false,
        },
        {
          what: 'index, 10⁵ positions, calm mark, against asking everybody',
          unit: '×',
          measured: ratios(scanned, own),
          more: true,
        },
      ];
    },
  };
}

/** Nanoseconds an account that is handed out; in between everybody is given a new position. */
function crashes(population: Population, rounds: number): number[] {
  const times: number[] = [];
  for (let round = 0; round <= rounds; round++) {
    for (let id = 0; id < population.accounts.size; id++) population.settle(id);
    const expected = population.scan(Math.round(MARK * 0.7));
    const from = process.cpuUsage();
    const broken = population.crash();
    const { user, system } = process.cpuUsage(from);
    equalWork('liquidations', { index: broken.length, scan: expected });
    if (round > 0) times.push(((user + system) * 1000) / broken.length);
  }
  return times;
}

function row(what: string, times: readonly number[], gate: number, target: number): Row {
  return {
    what: `index, 10⁵ positions, ${what}`,
    unit: 'ns',
    measured: spreadOf(times),
    gate,
    target,
    more: false,
  };
}

function turn(name: string, units: number, run: () => void): Contestant {
  return { name, units, prepare: () => run };
}

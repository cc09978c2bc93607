import { describe, expect, it } from 'vitest';
import { Accounts } from '../../src/accounts/accounts.ts';
import { CrossMargin } from '../../src/accounts/cross-margin.ts';
import type { CrossContract } from '../../src/accounts/cross-margin.ts';
import { OUTSIDE } from '../../src/accounts/ledger.ts';
import { LiquidationIndex } from '../../src/accounts/liquidation-index.ts';
import { bankruptcyPrice, isDistressed, maintenanceMargin } from '../../src/accounts/margin.ts';
import type { MarginSchedule } from '../../src/accounts/margin.ts';
import { RandomSource } from '../../src/base/random.ts';
import { notionalOf, valueOf } from '../../src/market/contract.ts';
import { BINANCE_BTC, flat } from '../fixtures/contracts.ts';

const FIRST = 5;

/** Several contracts on one ledger, each with a mark that the test moves. */
class Several {
  readonly marks: number[];
  readonly contracts: (CrossContract & { accounts: Accounts })[];
  readonly cross: CrossMargin;
  private readonly out: Int32Array;

  constructor(size: number, rules: readonly { schedule: MarginSchedule; mark: number }[]) {
    this.marks = rules.map(({ mark }) => mark);
    this.out = new Int32Array(size);
    const first = new Accounts(size, rules[0].schedule.contract);
    this.contracts = rules.map(({ schedule }, i) => {
      const accounts = i === 0 ? first : new Accounts(size, schedule.contract, first.ledger);
      const index = new LiquidationIndex(accounts, schedule);
      return { accounts, schedule, index, markOf: () => this.marks[i] };
    });
    this.cross = new CrossMargin(this.contracts);
  }

  get ledger() {
    return this.contracts[0].accounts.ledger;
  }

  give(account: number, money: number): void {
    this.ledger.transfer(OUTSIDE, account, money);
  }

  trade(contract: number, buyer: number, seller: number, lots: number): void {
    this.contracts[contract].accounts.applyFill(buyer, seller, lots, this.marks[contract]);
    this.cross.register(buyer);
    this.cross.register(seller);
  }

  /** As an exchange does it: whom the new mark hands out is asked exactly, and put back if it holds. Returns who breaks. */
  move(contract: number, mark: number): number[] {
    this.marks[contract] = mark;
    const broken: number[] = [];
    const count = this.contracts[contract].index.crossed(mark, this.out);
    for (const account of [...this.out.subarray(0, count)]) {
      if (this.cross.isDistressed(account)) {
        this.cross.remove(account);
        broken.push(account);
      } else this.cross.register(account);
    }
    return broken;
  }
}

const ANN = 5;
const BEN = 6;

describe('an account with positions in two contracts on one balance', () => {
  /** ANN: 1,000 of cash, long 10 at 100 and short 5 at 200; margins 10 % and 20 %. */
  function world(): Several {
    const several = new Several(8, [
      { schedule: flat(0.1), mark: 100 },
      { schedule: flat(0.2), mark: 200 },
    ]);
    several.give(ANN, 1_000);
    several.give(BEN, 1e6);
    several.trade(0, ANN, BEN, 10);
    several.trade(1, BEN, ANN, 5);
    return several;
  }

  it('has the equity of all of them, and each contract sees the rest as cash', () => {
    const several = world();
    const [a, b] = several.contracts.map(({ accounts }) => accounts);
    several.marks[0] = 90;
    several.marks[1] = 210;
    // −100 and −50.
    expect([a.equity(ANN, 90), b.equity(ANN, 210)]).toEqual([850, 850]);
    expect([a.cash(ANN), b.cash(ANN)]).toEqual([850 - 900, 850 + 1_050]);
    expect([a.maintenanceElsewhere(ANN), b.maintenanceElsewhere(ANN)]).toEqual([210, 90]);
    expect(a.wallet(ANN)).toBe(1_000);
    expect(several.cross.slack(ANN)).toBe(850 - 90 - 210);
    expect([a.isFlat(ANN), a.isFlat(7)]).toEqual([false, true]);
  });

  it('c.3 Binance cross: breaks where equity is the margin of all positions', () => {
    const several = world();
    // 1,000 + 10·(P − 100) = 0.1·10·P + 200 at P = 200/9 = 22.2: at 22.
    const [a] = several.contracts;
    expect(isDistressed(a.schedule, a.accounts.backing(ANN), 10, 23)).toBe(false);
    expect(isDistressed(a.schedule, a.accounts.backing(ANN), 10, 22)).toBe(true);
    expect(several.move(0, 23)).toEqual([]);
    expect(several.move(0, 22)).toEqual([ANN]);
  });

  it('is not broken by a move that its other position makes good', () => {
    const several = world();
    expect(several.move(1, 150)).toEqual([]);
    // 1,000 + 250 + 10·(P − 100) = P + 150 at P = −100/9: never.
    expect(several.move(0, 1)).toEqual([]);
  });

  it('is bankrupt in a contract where the rest just pays for it', () => {
    const { contracts } = world();
    const [a] = contracts;
    // Elsewhere nothing is won or lost: 1,000 + 10·(P − 100) = 0.
    expect(bankruptcyPrice(a.accounts.cash(ANN), 10)).toBeCloseTo(0, 9);
  });

  it('with one position left is isolated again', () => {
    const several = world();
    several.trade(1, ANN, BEN, 5);
    expect(several.contracts[0].accounts.cash(ANN)).toBe(several.ledger.balance[ANN]);
    // 10·P ≤ P.
    expect(several.move(0, 1)).toEqual([]);
  });
});

describe.each([
  ['two contracts', [flat(0.02), flat(0.05)]],
  ['three, one with tiers', [flat(0.02), BINANCE_BTC, flat(0.01)]],
] as const)('the indexes and the twin that asks everybody: %s', (name, schedules) => {
  it('name the same accounts, through fills, deposits, funding and moves of several marks', () => {
    const random = new RandomSource('cross-margin').stream(name);
    const size = 85;
    const several = new Several(
      size,
      schedules.map((schedule, i) => ({ schedule, mark: 20_000 * (i + 1) })),
    );
    const { cross, contracts, marks, ledger } = several;
    for (let account = FIRST; account < size; account++) several.give(account, 3e7);
    const someone = (): number => FIRST + random.below(size - FIRST);
    const equity = (account: number): number =>
      contracts.reduce(
        (sum, { accounts, schedule }, i) =>
          sum + valueOf(schedule.contract, accounts.lots[account], marks[i]),
        ledger.balance[account],
      );
    const margin = (account: number): number =>
      contracts.reduce((sum, { accounts, schedule }, i) => {
        const lots = accounts.lots[account];
        return (
          sum +
          (lots === 0 ? 0 : maintenanceMargin(schedule, notionalOf(schedule.contract, lots, marks[i]), lots))
        );
      }, 0);
    let broke = 0;
    let crossBroke = 0;
    for (let event = 0; event < 5_000; event++) {
      const contract = random.below(contracts.length);
      switch (random.below(4)) {
        case 0: {
          const [buyer, seller] = [someone(), someone()];
          if (buyer !== seller) several.trade(contract, buyer, seller, 1 + random.below(800));
          break;
        }
        case 1: {
          const account = someone();
          several.give(account, Math.round((random.uniform() - 0.5) * 0.05 * Math.max(1e5, equity(account))));
          cross.register(account);
          break;
        }
        case 2: {
          // Funding of everybody in one contract.
          const { accounts } = contracts[contract];
          for (let account = FIRST; account < size; account++) {
            ledger.transfer(account, OUTSIDE, Math.ceil(accounts.lots[account] * marks[contract] * 1e-4));
            cross.register(account);
          }
          break;
        }
      }
      // What broke without a mark is found by the next one; it is taken out by hand here.
      const asked = [...Array(size).keys()].slice(FIRST);
      const before = asked.filter((account) => margin(account) > 0 && equity(account) <= margin(account));
      const mark = Math.max(100, Math.round(marks[contract] * (1 + 0.02 * random.normal())));
      const broken = several.move(contract, mark);
      const expected = asked.filter((account) => margin(account) > 0 && equity(account) <= margin(account));
      const missed = expected.filter((account) => !broken.includes(account) && !before.includes(account));
      expect(missed, `event ${event}`).toEqual([]);
      expect(
        broken.filter((account) => !expected.includes(account)),
        `event ${event}`,
      ).toEqual([]);
      for (const account of new Set([...broken, ...expected])) {
        broke++;
        const held = contracts.filter(({ accounts }) => accounts.lots[account] !== 0).length;
        if (held > 1 && broken.includes(account)) crossBroke++;
        several.give(account, Math.ceil(margin(account) * (1.05 + random.uniform())) - equity(account));
        cross.register(account);
      }
    }
    contracts.forEach(({ accounts }) => accounts.checkInvariants());
    expect(broke).toBeGreaterThan(100);
    expect(crossBroke).toBeGreaterThan(50);
  });
});

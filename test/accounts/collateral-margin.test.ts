import { describe, expect, it } from 'vitest';
import { Accounts } from '../../src/accounts/accounts.ts';
import { CollateralAsset } from '../../src/accounts/collateral-asset.ts';
import { CrossMargin } from '../../src/accounts/cross-margin.ts';
import { OUTSIDE } from '../../src/accounts/ledger.ts';
import { LiquidationIndex } from '../../src/accounts/liquidation-index.ts';
import { bankruptcyPrice, maintenanceMargin } from '../../src/accounts/margin.ts';
import type { MarginSchedule } from '../../src/accounts/margin.ts';
import { RandomSource } from '../../src/base/random.ts';
import { notionalOf, valueOf } from '../../src/market/contract.ts';
import { BINANCE_BTC, flat } from '../fixtures/contracts.ts';

const FIRST = 5;
const [ANN, BEN] = [5, 6];

const byNumber = (a: number, b: number): number => a - b;

/** Contracts and collateral assets on one ledger; the test moves marks and prices. */
class Exchange {
  readonly marks: number[];
  readonly contracts;
  readonly assets: CollateralAsset[];
  readonly cross: CrossMargin;
  /** Accounts that were asked exactly, so far. */
  asked = 0;
  private readonly out: Int32Array;

  constructor(
    size: number,
    rules: readonly { schedule: MarginSchedule; mark: number }[],
    haircuts: readonly number[],
  ) {
    this.marks = rules.map(({ mark }) => mark);
    this.out = new Int32Array(size);
    const first = new Accounts(size, rules[0].schedule.contract);
    this.contracts = rules.map(({ schedule }, i) => {
      const accounts = i === 0 ? first : new Accounts(size, schedule.contract, first.ledger);
      return {
        accounts,
        schedule,
        index: new LiquidationIndex(accounts, schedule),
        markOf: () => this.marks[i],
      };
    });
    this.assets = haircuts.map(
      (haircut) =>
        new CollateralAsset({
          terms: { unitMoney: 0.01, haircut, conversionFee: 0 },
          cash: first.ledger,
          startPrice: 10_000,
        }),
    );
    this.cross = new CrossMargin(this.contracts, this.assets);
  }

  get ledger() {
    return this.contracts[0].accounts.ledger;
  }

  give(account: number, money: number, units: readonly number[] = []): void {
    this.ledger.transfer(OUTSIDE, account, money);
    units.forEach((n, i) => this.assets[i].ledger.transfer(OUTSIDE, account, n));
  }

  trade(contract: number, buyer: number, seller: number, lots: number): void {
    this.contracts[contract].accounts.applyFill(buyer, seller, lots, this.marks[contract]);
    this.cross.register(buyer);
    this.cross.register(seller);
  }

  move(contract: number, mark: number): number[] {
    this.marks[contract] = mark;
    return this.broken(this.contracts[contract].index.crossed(mark, this.out));
  }

  price(asset: number, price: number): number[] {
    this.assets[asset].price = price;
    return this.broken(this.assets[asset].crossed(this.out));
  }

  /** Asks at every mark and price where it stands. */
  check(): number[] {
    return [
      ...this.marks.flatMap((mark, i) => this.move(i, mark)),
      ...this.assets.flatMap(({ price }, i) => this.price(i, price)),
    ];
  }

  private broken(count: number): number[] {
    const broken: number[] = [];
    this.asked += count;
    for (const account of [...this.out.subarray(0, count)]) {
      if (this.cross.isDistressed(account)) {
        this.cross.remove(account);
        broken.push(account);
      } else this.cross.register(account);
    }
    return broken;
  }
}

describe('an account with money and another asset behind its position', () => {
  /** ANN: 200 of cash and 10 units at 100 that count for 95 each; long 10 at 100, margin 10 %. */
  function world(): Exchange {
    const exchange = new Exchange(8, [{ schedule: flat(0.1), mark: 100 }], [50_000]);
    exchange.give(ANN, 200, [10]);
    exchange.give(BEN, 1e6);
    exchange.trade(0, ANN, BEN, 10);
    return exchange;
  }

  it('has the equity of both', () => {
    const { contracts, cross, assets } = world();
    const [{ accounts }] = contracts;
    expect([accounts.equity(ANN, 100), accounts.wallet(ANN), cross.slack(ANN)]).toEqual([
      1_150, 1_150, 1_050,
    ]);
    assets[0].price = 5_000;
    // 500 less 25.
    expect(accounts.equity(ANN, 90)).toBe(200 + 475 - 100);
    expect(accounts.isFlat(7)).toBe(true);
  });

  it('is bankrupt where both are lost', () => {
    // 200 + 950 + 10·(P − 100) = 0.
    const [{ accounts }] = world().contracts;
    expect(bankruptcyPrice(accounts.cash(ANN), 10)).toBe(-15);
  });

  it('breaks at the mark where equity is the margin, whatever was asked on the way', () => {
    const exchange = world();
    exchange.price(0, 1_000);
    // 200 + 95 + 10·(P − 100) = P at P = 78.3.
    expect(exchange.move(0, 79)).toEqual([]);
    expect(exchange.move(0, 78)).toEqual([ANN]);
  });

  it('breaks at the price where equity is the margin, the mark standing still', () => {
    const exchange = world();
    exchange.move(0, 85);
    // 200 + V − 150 = 85 at V = 35: 36 units of worth count for 34, 37 for 35, 38 for 36.
    expect(exchange.price(0, 380)).toEqual([]);
    expect(exchange.price(0, 370)).toEqual([ANN]);
  });

  it('with no unit left is as one that never had any', () => {
    const exchange = world();
    exchange.assets[0].ledger.transfer(ANN, OUTSIDE, 10);
    exchange.cross.register(ANN);
    expect(exchange.price(0, 1)).toEqual([]);
    // 200 + 10·(P − 100) = P at 88.9.
    expect(exchange.move(0, 89)).toEqual([]);
    expect(exchange.asked).toBe(0);
    expect(exchange.move(0, 88)).toEqual([ANN]);
  });
});

describe('what a price that breaks nobody costs', () => {
  it('does not grow with the accounts that hold the asset', () => {
    const size = 2_000;
    const exchange = new Exchange(size, [{ schedule: flat(0.01), mark: 1_000 }], [50_000]);
    for (let account = FIRST; account + 1 < size; account += 2) {
      exchange.give(account, 10_000, [200]);
      exchange.give(account + 1, 10_000, [200]);
      exchange.trade(0, account, account + 1, 100);
    }
    // 29,000 of equity against 1,000 of margin: the first trigger is where the asset has lost most of its worth.
    for (let i = 0; i < 1_000; i++) exchange.price(0, 9_000 + (i % 7) * 100);
    expect(exchange.asked).toBe(0);
  });
});

describe.each([
  ['one contract, one asset', [flat(0.02)], [50_000]],
  ['two contracts, one with tiers, and two assets', [flat(0.02), BINANCE_BTC], [50_000, 300_000]],
] as const)('the triggers and the twin that asks everybody: %s', (name, schedules, haircuts) => {
  it('name the same accounts, through fills, deposits, funding, seizures, and moves of marks and prices', () => {
    const random = new RandomSource('collateral-margin').stream(name);
    const size = 45;
    const exchange = new Exchange(
      size,
      schedules.map((schedule, i) => ({ schedule, mark: 20_000 * (i + 1) })),
      haircuts,
    );
    const { cross, contracts, marks, ledger, assets } = exchange;
    const traders = [...Array(size).keys()].slice(FIRST);
    const someone = (): number => traders[random.below(traders.length)];
    // Written out from the definition: money, positions and units at the marks and prices of now.
    const equity = (account: number): number => {
      let sum = ledger.balance[account];
      contracts.forEach(({ accounts, schedule }, i) => {
        sum += valueOf(schedule.contract, accounts.lots[account], marks[i]);
      });
      assets.forEach((asset, i) => {
        const worth = Math.floor(asset.ledger.balance[account] * asset.price * 0.01);
        sum += worth - Math.ceil((worth * haircuts[i]) / 1e6);
      });
      return sum;
    };
    const margin = (account: number): number =>
      contracts.reduce((sum, { accounts, schedule }, i) => {
        const lots = accounts.lots[account];
        if (lots === 0) return sum;
        return sum + maintenanceMargin(schedule, notionalOf(schedule.contract, lots, marks[i]), lots);
      }, 0);
    const breaking = (): number[] =>
      traders.filter((account) => margin(account) > 0 && equity(account) <= margin(account));
    // With other units (one in three holds money alone), and money so that the margin just holds.
    const startAgain = (account: number): void => {
      const units = assets.map((one) => (account % 3 === 0 ? 0 : 1e6 * random.below(4)) - one.units(account));
      exchange.give(account, 0, units);
      exchange.give(account, Math.ceil(margin(account) * (1.05 + random.uniform())) - equity(account));
      cross.register(account);
    };
    let byPrice = 0;
    let byMark = 0;
    for (let event = 0; event < 2_500; event++) {
      const contract = random.below(contracts.length);
      const asset = random.below(assets.length);
      switch (random.below(5)) {
        case 0: {
          const [buyer, seller] = [someone(), someone()];
          if (buyer !== seller) exchange.trade(contract, buyer, seller, 1 + random.below(800));
          break;
        }
        case 1: {
          const account = someone();
          exchange.give(
            account,
            Math.round((random.uniform() - 0.5) * 0.05 * Math.max(1e5, equity(account))),
          );
          cross.register(account);
          break;
        }
        case 2:
          for (const account of traders) {
            const { lots } = contracts[contract].accounts;
            ledger.transfer(account, OUTSIDE, Math.ceil(lots[account] * marks[contract] * 1e-4));
            cross.register(account);
          }
          break;
        case 3: {
          const account = someone();
          assets[asset].seize(account, Math.floor(assets[asset].units(account) * 0.1 * random.uniform()));
          cross.register(account);
          break;
        }
      }
      // Whom that has broken is found when every mark and price is asked where it stands, or by the next move that touches it.
      const isAsked = random.below(2) === 0;
      if (isAsked) {
        const found = exchange.check();
        expect(found.sort(byNumber), `event ${event}`).toEqual(breaking());
        found.forEach(startAgain);
      }
      const before = breaking();
      const isPrice = random.below(2) === 0;
      const move = (from: number, sd: number): number =>
        Math.max(100, Math.round(from * (1 + sd * random.normal())));
      const broken = isPrice
        ? exchange.price(asset, Math.min(move(assets[asset].price, 0.05), 12_000))
        : exchange.move(contract, move(marks[contract], 0.02));
      const rest = breaking().filter((account) => !broken.includes(account));
      expect(
        broken.filter((account) => !breaking().includes(account)),
        `event ${event}`,
      ).toEqual([]);
      expect(
        rest.filter((account) => isAsked || !before.includes(account)),
        `event ${event}`,
      ).toEqual([]);
      for (const account of broken.filter((one) => !before.includes(one))) {
        if (isPrice) byPrice++;
        else if (assets.some(({ ledger: units }) => units.balance[account] > 0)) byMark++;
      }
      [...broken, ...rest].forEach(startAgain);
      // A market that has fallen far comes back, so that prices go on moving somebody.
      if (event % 500 === 499) assets.forEach((_, i) => exchange.price(i, 10_000).forEach(startAgain));
    }
    contracts.forEach(({ accounts }) => accounts.checkInvariants());
    assets.forEach((one) => one.ledger.checkInvariants());
    expect(byPrice).toBeGreaterThan(50);
    expect(byMark).toBeGreaterThan(50);
    // Most accounts are never looked at: the twin asks all of them at each of the moves.
    expect(exchange.asked).toBeLessThan((2_500 * traders.length) / 20);
  });
});

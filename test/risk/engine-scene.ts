import { Accounts } from '../../src/accounts/accounts.ts';
import { FEES, INSURANCE_FUND, OUTSIDE } from '../../src/accounts/ledger.ts';
import { LiquidationIndex } from '../../src/accounts/liquidation-index.ts';
import { RandomSource } from '../../src/base/random.ts';
import { PPM } from '../../src/base/units.ts';
import type { Lots, Money, Ticks } from '../../src/base/units.ts';
import { Kernel } from '../../src/kernel/kernel.ts';
import type { Contract } from '../../src/market/contract.ts';
import { TimeInForce } from '../../src/market/order.ts';
import type { AdlRanking } from '../../src/risk/adl/adl-ranking.ts';
import { profitByMarginRatio } from '../../src/risk/adl/profit-by-margin-ratio.ts';
import { InsuranceFund } from '../../src/risk/insurance-fund.ts';
import { engine as engineKeepers } from '../../src/risk/keepers/engine.ts';
import type { Keepers } from '../../src/risk/keepers/keepers.ts';
import { LiquidationEngine } from '../../src/risk/liquidation-engine.ts';
import type { ForcedOrder, ForcedTrading, LiquidationSettings } from '../../src/risk/liquidation-engine.ts';
import { closeAtMarket } from '../../src/risk/liquidation/close-at-market.ts';
import type { LiquidationPolicy } from '../../src/risk/liquidation/liquidation-policy.ts';
import type { LossRule } from '../../src/risk/losses.ts';
import type { AdlTrigger } from '../../src/risk/triggers/adl-trigger.ts';
import { fundEmpty } from '../../src/risk/triggers/fund-empty.ts';
import { Vault } from '../../src/risk/vault.ts';
import { Waterfall } from '../../src/risk/waterfall.ts';
import { flat, PLAIN } from '../fixtures/contracts.ts';
import { made } from '../fixtures/variants.ts';
import { averageOf, Notes, open, UNWIND } from './made-up-risk.ts';

/** Trades with everybody; nobody's enemy. */
export const STREET = 4;
export const ANN = 5;
export const BEN = 6;
export const CAT = 7;
export const BACKSTOP = 8;
export const LATENCY = 50_000;

/** A market whose other side is a list of levels, the same for buyers and sellers. */
class FakeMarket implements ForcedTrading {
  readonly contract: Contract;
  levels: [Ticks, Lots][] = [];
  /** Takes all of every order at its limit, whatever the levels. */
  fillsAtLimit = false;
  mark = 100;
  /** When trading is halted: until then. */
  liquidatesFrom = -Infinity;
  readonly orders: (ForcedOrder & { readonly time: number; readonly account: number })[] = [];
  readonly cancelled: number[] = [];
  private readonly accounts: Accounts;
  private readonly kernel: Kernel;

  constructor(accounts: Accounts, kernel: Kernel, contract: Contract) {
    this.accounts = accounts;
    this.kernel = kernel;
    this.contract = contract;
  }

  bandLimit(side: 1 | -1): Ticks {
    return side === 1 ? Math.floor(this.mark * 1.2) : Math.ceil(this.mark * 0.8);
  }

  averagePrice(_side: 1 | -1, lots: Lots): Ticks {
    return averageOf(this.levels, lots);
  }

  lotsWithin(side: 1 | -1, limit: Ticks): Lots {
    const within = this.levels.filter(([price]) => side * (limit - price) >= 0);
    return within.reduce((sum, [, lots]) => sum + lots, 0);
  }

  cancelOrders(account: number): void {
    this.cancelled.push(account);
  }

  trade(account: number, order: ForcedOrder): { lots: Lots; value: number } {
    this.orders.push({ ...order, time: this.kernel.now, account });
    const { side, limit } = order;
    if (this.fillsAtLimit) this.levels = [[limit, order.lots]];
    const within = this.levels.filter(([price]) => side * (limit - price) >= 0);
    const there = within.reduce((sum, [, lots]) => sum + lots, 0);
    let left = order.timeInForce === TimeInForce.FOK && there < order.lots ? 0 : order.lots;
    let [lots, value] = [0, 0];
    for (const level of within) {
      const taken = Math.min(left, level[1]);
      if (taken === 0) break;
      if (side === 1) this.accounts.applyFill(account, STREET, taken, level[0]);
      else this.accounts.applyFill(STREET, account, taken, level[0]);
      level[1] -= taken;
      left -= taken;
      lots += taken;
      value += taken * level[0];
    }
    this.accounts.ledger.transfer(account, FEES, Math.ceil((value * this.contract.takerFee) / PPM));
    return { lots, value };
  }
}

interface Position {
  readonly lots: Lots;
  readonly entry: Ticks;
  readonly collateral: Money;
}

interface Scene {
  readonly contract?: Contract;
  readonly ann?: Position;
  /** Positions of Ben and Cat; they net to that of Ann. */
  readonly others?: readonly Position[];
  readonly ranking?: AdlRanking;
  readonly losses?: LossRule;
  /** Its cash; without it there is none. */
  readonly backstop?: Money;
  readonly policy?: LiquidationPolicy;
  readonly keepers?: Keepers;
  readonly trigger?: AdlTrigger;
  readonly index?: Ticks;
  readonly settings?: Partial<LiquidationSettings>;
  readonly fund?: number;
  readonly takerFee?: number;
  readonly margin?: number;
}

/** Ann is long 10 from 100 with 100, Ben is short 10 from 100 with 1,000, Cat is flat with 1,000, unless said otherwise. Margin is 1 %. */
export function scene(o: Scene = {}) {
  const latency = o.settings?.latency ?? LATENCY;
  const kernel = new Kernel();
  const accounts = new Accounts(9);
  const notes = new Notes();
  const contract = o.contract ?? { ...PLAIN, takerFee: o.takerFee ?? 0 };
  const schedule = flat(o.margin ?? 0.01, contract);
  const index = new LiquidationIndex(accounts, schedule);
  const fund = new InsuranceFund(accounts, notes);
  const market = new FakeMarket(accounts, kernel, contract);
  const vault = new Vault(BACKSTOP, accounts);
  accounts.ledger.transfer(OUTSIDE, BACKSTOP, o.backstop ?? 0);
  accounts.ledger.transfer(OUTSIDE, INSURANCE_FUND, o.fund ?? 0);
  accounts.ledger.transfer(OUTSIDE, STREET, 1e9);
  open(accounts, ANN, o.ann ?? { lots: 10, entry: 100, collateral: 100 });
  const [ben, cat = { lots: 0, entry: 0, collateral: 1_000 }] = o.others ?? [
    { lots: -10, entry: 100, collateral: 1_000 },
  ];
  open(accounts, BEN, ben);
  open(accounts, CAT, cat);
  const trigger = o.trigger ?? made(fundEmpty, undefined);
  const waterfall = new Waterfall({
    accounts,
    schedule,
    fund,
    trigger,
    ranking: o.ranking ?? made(profitByMarginRatio, undefined),
    losses: o.losses ?? 'winners',
    journal: notes,
    isDistressed: (account) => account === STREET || account === BACKSTOP || engine.isDistressed(account),
    changed: (account) => index.update(account),
  });
  const engine: LiquidationEngine = new LiquidationEngine({
    kernel,
    accounts,
    schedule,
    index,
    policy: o.policy ?? made(closeAtMarket, undefined),
    keepers: o.keepers ?? made(engineKeepers, { contract, latency, random: new RandomSource('keepers') }),
    fund,
    backstop: o.backstop === undefined ? undefined : { vault, unwind: UNWIND },
    waterfall,
    market,
    journal: notes,
    settings: { latency, fee: 0, adlPrice: 'bankruptcy', ...UNWIND, ...o.settings },
    trigger,
    indexPrice: () => o.index ?? market.mark,
  });
  for (const account of [ANN, BEN, CAT]) index.update(account);
  const broken = new Int32Array(9);
  return {
    ...{ kernel, accounts, notes, index, fund, market, engine, vault },
    /** A new mark, and what the exchange does about it. */
    mark(price: Ticks): void {
      market.mark = price;
      engine.onMark(price, broken, index.crossed(price, broken));
    },
  };
}

import { FIRST_TRADER, OUTSIDE } from '../../src/accounts/ledger.ts';
import { isDistressed, maintenanceMargin } from '../../src/accounts/margin.ts';
import type { MarginSchedule } from '../../src/accounts/margin.ts';
import type { Desk, Opening, Population } from '../../src/agents/agent.ts';
import type { Distribution } from '../../src/base/distributions.ts';
import { RandomSource } from '../../src/base/random.ts';
import { BUY } from '../../src/base/units.ts';
import type { Lots, Micros, Side, Ticks } from '../../src/base/units.ts';
import { Kernel, Phase } from '../../src/kernel/kernel.ts';
import type { Contract } from '../../src/market/contract.ts';
import { SelfTrade, TimeInForce } from '../../src/market/order.ts';
import type { Handle } from '../../src/market/order.ts';
import { ExchangeDesk } from '../../src/world/desk.ts';
import { Exchange } from '../../src/world/exchange.ts';
import type { Fill } from '../../src/world/exchange.ts';
import { LiquidationMap } from '../../src/world/liquidation-map.ts';
import { MarketData } from '../../src/world/market-data.ts';
import { BINANCE_BTC } from '../fixtures/contracts.ts';

export interface Seated {
  readonly population: Population;
  readonly dataLatency?: Micros;
  readonly orderLatency?: Distribution;
}

interface MiniWorldOptions {
  readonly contract: Contract;
  readonly price: Ticks;
  readonly schedule?: MarginSchedule;
  readonly seed?: string;
  readonly liquidationMap?: LiquidationMap;
  readonly seated: readonly Seated[];
}

/** Accounts of the test's own, before those of the populations. */
const OWN_ACCOUNTS = 6;
export const TOM: number = FIRST_TRADER;
export const UMA: number = FIRST_TRADER + 1;
export const VIC: number = FIRST_TRADER + 2;

/**
 * An exchange with desks and market data, without marks, margin checks and feeds: the test says what index and mark are.
 * The accounts TOM, UMA, VIC … belong to the test and trade without a desk.
 */
export class MiniWorld {
  readonly kernel = new Kernel();
  readonly exchange: Exchange;
  readonly marketData = new MarketData();
  readonly desks: ExchangeDesk[] = [];
  readonly fills: (Fill & { readonly time: Micros })[] = [];
  /** Trades outside: [time, lots]. */
  readonly outside: [Micros, Lots][] = [];
  readonly distressed = new Set<number>();
  readonly firstAccounts: number[] = [];
  readonly schedule: MarginSchedule;
  appetite = 1;
  private index: Ticks;

  constructor({
    contract,
    price,
    schedule = BINANCE_BTC,
    seed = 'mini',
    seated,
    liquidationMap = new LiquidationMap(() => undefined),
  }: MiniWorldOptions) {
    this.index = price;
    this.schedule = schedule;
    let accounts = FIRST_TRADER + OWN_ACCOUNTS;
    for (const { population } of seated) {
      this.firstAccounts.push(accounts);
      accounts += population.size;
    }
    this.exchange = new Exchange(
      {
        contract,
        schedule,
        accounts,
        onFill: (fill) => this.onFill(fill),
        onBook: () => this.publish(),
        isDistressed: (account) => this.distressed.has(account),
      },
      price,
    );
    for (let account = FIRST_TRADER; account < FIRST_TRADER + OWN_ACCOUNTS; account++)
      this.exchange.accounts.ledger.transfer(OUTSIDE, account, 1e14);
    const random = new RandomSource(seed);
    let netLots = 0;
    seated.forEach(({ population, dataLatency = 0, orderLatency = { kind: 'constant', value: 0 } }, i) => {
      const firstAccount = this.firstAccounts[i];
      const desk = new ExchangeDesk({
        kernel: this.kernel,
        exchange: this.exchange,
        marketData: this.marketData,
        population,
        firstAccount,
        dataLatency,
        orderLatency,
        random: random.child(`agents/${i}`),
        liquidationMap,
        appetite: () => this.appetite,
        tradeOutside: (lots) => this.outside.push([this.kernel.now, lots]),
      });
      this.desks.push(desk);
      if (population.margined) this.exchange.isMargined.fill(1, firstAccount, firstAccount + population.size);
      population.open(
        openingOf(this.exchange, this.schedule, {
          firstAccount,
          price,
          random: random.child(`agents/${i}`),
          netLots,
          onOpen: (lots) => (netLots += lots),
        }),
      );
    });
    this.publish();
  }

  /** Lets the populations begin. */
  start(): void {
    for (const desk of this.desks) desk.start();
  }

  run(until: Micros): void {
    this.kernel.runUntil(until);
  }

  at(time: Micros, action: () => void): void {
    this.kernel.at(time, Phase.FEED, this.kernel.register(action));
  }

  /** The index, and with it the mark, is this from now on. */
  setIndex(index: Ticks): void {
    this.index = index;
    this.exchange.mark = Math.round(index);
    this.publish();
  }

  /** An order of one of the test's own accounts, resting if it does not trade. */
  place(
    owner: number,
    side: Side,
    lots: Lots,
    limit: Ticks,
    flags: { ioc?: boolean; reduceOnly?: boolean } = {},
  ): Handle {
    return this.exchange.enter({
      owner,
      side,
      lots,
      limit,
      timeInForce: flags.ioc === true ? TimeInForce.IOC : TimeInForce.GTC,
      postOnly: false,
      reduceOnly: flags.reduceOnly ?? false,
      selfTrade: SelfTrade.CANCEL_MAKER,
      tag: 0,
    });
  }

  /** A book of the test's own that nobody exhausts: so many lots a side at `spread` from a price. */
  makeBook(price: Ticks, { spread = 1, lots = 1_000_000 } = {}): void {
    this.place(UMA, 1, lots, price - spread);
    this.place(UMA, -1, lots, price + spread);
  }

  private onFill(fill: Readonly<Fill>): void {
    this.fills.push({ ...fill, time: this.kernel.now });
    this.tell(fill.maker, fill.makerSide, fill.lots);
    this.tell(fill.taker, fill.makerSide === BUY ? -1 : 1, fill.lots);
  }

  private tell(account: number, side: Side, lots: Lots): void {
    const seat = this.firstAccounts.findLastIndex((first) => account >= first);
    if (seat >= 0) this.desks[seat].onFilled(account - this.firstAccounts[seat], side, lots);
  }

  private publish(): void {
    const { book, mark } = this.exchange;
    this.marketData.publish(this.kernel.now, {
      bid: book.bestBid(),
      ask: book.bestAsk(),
      last: book.lastTrade(),
      index: this.index,
      mark,
    });
  }
}

interface OpeningParts {
  readonly firstAccount: number;
  readonly price: Ticks;
  readonly random: RandomSource;
  readonly netLots: Lots;
  onOpen(lots: Lots): void;
}

function openingOf(exchange: Exchange, schedule: MarginSchedule, parts: OpeningParts): Opening {
  const { accounts, contract } = exchange;
  const { price, random, netLots } = parts;
  return {
    ...{ contract, price, random, netLots, others: [], unseen: [] },
    open(member, { collateral, lots, entry }) {
      accounts.ledger.transfer(OUTSIDE, parts.firstAccount + member, collateral - lots * entry);
      if (lots !== 0) accounts.openPosition(parts.firstAccount + member, lots, entry);
      parts.onOpen(lots);
    },
    wouldBreak: ({ collateral, lots, entry }, adverse) =>
      isDistressed(
        schedule,
        collateral - lots * entry,
        lots,
        Math.round(price * (1 - Math.sign(lots) * adverse)),
      ),
    collateralFor: ({ lots, entry, breaksAt }) =>
      Math.floor(maintenanceMargin(schedule, Math.abs(lots) * breaksAt, lots)) + lots * (entry - breaksAt),
    maxLeverage: (lots) => schedule.maxLeverage({ lots, notional: lots * price, openInterest: 0 }),
  };
}

/** A population that does what the test says and writes down what it hears. */
export class Puppet implements Population {
  readonly size: number;
  readonly slots: number;
  readonly margined: boolean;
  readonly balancing = false;
  readonly quoteLifetime?: number;
  readonly heard: string[] = [];
  /** What it does when it wakes. */
  onWake: (member: number, desk: Desk) => void = () => undefined;
  onFill: (member: number, desk: Desk) => void = () => undefined;

  constructor({ size = 2, slots = 4, margined = false, quoteLifetime = 0 } = {}) {
    this.size = size;
    this.slots = slots;
    this.margined = margined;
    if (quoteLifetime > 0) this.quoteLifetime = quoteLifetime;
  }

  open(opening: Opening): void {
    for (let member = 0; member < this.size; member++)
      opening.open(member, { collateral: 1e12, lots: 0, entry: 0 });
  }

  start(): void {}

  wake(member: number, desk: Desk): void {
    this.heard.push(`${desk.now}: ${member} wakes`);
    this.onWake(member, desk);
  }

  stopped(member: number, desk: Desk): void {
    this.heard.push(`${desk.now}: ${member} is stopped`);
    this.onWake(member, desk);
  }

  filled(member: number, side: Side, lots: Lots, desk: Desk): void {
    this.heard.push(`${desk.now}: ${member} ${side > 0 ? 'bought' : 'sold'} ${lots}`);
    this.onFill(member, desk);
  }
}

export const constantly = (value: number): Distribution => ({ kind: 'constant', value });

import type { AccountId } from '../accounts/ledger.ts';
import type { Desk, Population, SeenMarket } from '../agents/agent.ts';
import { assert } from '../base/check.ts';
import { draw } from '../base/distributions.ts';
import type { Distribution } from '../base/distributions.ts';
import type { RandomSource, RandomStream } from '../base/random.ts';
import { PPM } from '../base/units.ts';
import type { Lots, Micros, Money, Side, Ticks } from '../base/units.ts';
import { Phase } from '../kernel/kernel.ts';
import type { HandlerId, Kernel } from '../kernel/kernel.ts';
import type { Contract } from '../market/contract.ts';
import type { OrderBook } from '../market/order-book.ts';
import { NO_ORDER, SelfTrade, TimeInForce } from '../market/order.ts';
import type { NewOrder } from '../market/order.ts';
import type { Exchange } from './exchange.ts';
import { Lapses } from './lapses.ts';
import type { LiquidationMap } from './liquidation-map.ts';
import type { MarketData, MarketDataReader } from './market-data.ts';

export interface DeskParts {
  readonly kernel: Kernel;
  readonly exchange: Exchange;
  readonly marketData: MarketData;
  readonly population: Population;
  /** Account of member 0; the others follow. */
  readonly firstAccount: AccountId;
  readonly dataLatency: Micros;
  readonly orderLatency: Distribution;
  readonly random: RandomSource;
  readonly liquidationMap: LiquidationMap;
  appetite(): number;
  tradeOutside(lots: Lots): void;
}

/** Message fields: member, slot (−1: take), side, lots, price, reduceOnly. */
const FIELDS = 6;
const TAKE = -1;

/**
 * A population's way into the market: what it sees is one data latency old, what it sends arrives one order latency later.
 * Messages sent in one wake-up travel together (one event), and none overtakes another: a population is one connection.
 */
export class ExchangeDesk implements Desk {
  readonly contract: Contract;
  readonly random: RandomSource;
  readonly seen: SeenMarket;
  readonly wakeHandler: HandlerId;
  readonly arrivalHandler: HandlerId;
  private readonly parts: DeskParts;
  // Of `parts`, what a quote is looked up with.
  private readonly book: OrderBook;
  private readonly slots: number;
  private readonly reader: MarketDataReader;
  private readonly latencies: RandomStream;
  /** startCash[member]: balance before the first event. */
  private readonly startCash: Float64Array;
  /** resting[member · slots + slot]: handle of the order in that slot, live or gone. */
  private readonly resting: Int32Array;
  /** Where quotes are good till a time. */
  readonly lapses: Lapses | undefined;
  /** Messages on their way, oldest first, in a ring of whole messages that begins at `head`. */
  private messages = new Float64Array(FIELDS * 64);
  /** Messages that the ring holds, a power of two, less one. */
  private mask = 63;
  private head = 0;
  private waiting = 0;
  /** offlineUntil[member]: what it sends before is lost, unless its stop at the exchange sends it. */
  private readonly offlineUntil: Float64Array;
  private isStop = false;
  /** Sent since the last flush. */
  private unsent = 0;
  private lastArrival: Micros = 0;
  private readonly order: NewOrder = {
    owner: 0,
    side: 1,
    lots: 0,
    limit: 0,
    timeInForce: TimeInForce.IOC,
    postOnly: false,
    reduceOnly: false,
    selfTrade: SelfTrade.CANCEL_MAKER,
    tag: 0,
  };

  constructor(parts: DeskParts) {
    this.parts = parts;
    this.book = parts.exchange.book;
    this.slots = parts.population.slots;
    this.contract = parts.exchange.contract;
    this.random = parts.random;
    this.reader = parts.marketData.reader(parts.dataLatency);
    this.seen = this.reader.row;
    this.latencies = parts.random.stream('order-latency');
    const { mapReach, size } = parts.population;
    if (mapReach !== undefined && size > 0) parts.liquidationMap.watch(mapReach, parts.dataLatency);
    this.startCash = new Float64Array(parts.population.size);
    this.offlineUntil = new Float64Array(parts.population.size);
    this.resting = new Int32Array(parts.population.size * parts.population.slots);
    this.wakeHandler = parts.kernel.register((member) => this.wake(member));
    this.arrivalHandler = parts.kernel.register((messages) => this.arrive(messages));
    const { quoteLifetime } = parts.population;
    if (quoteLifetime !== undefined)
      this.lapses = new Lapses({
        kernel: parts.kernel,
        places: this.resting.length,
        lifetime: quoteLifetime,
        lapse: (place) => this.lapse(place),
      });
  }

  /** To be called once, after all accounts are open. */
  start(): void {
    const { population, exchange, firstAccount } = this.parts;
    for (let member = 0; member < population.size; member++)
      this.startCash[member] = exchange.accounts.ledger.balance[firstAccount + member]!;
    this.reader.look(this.now);
    population.start(this);
    this.sendOff();
  }

  onStop(member: number): void {
    const { population } = this.parts;
    if (population.stopped === undefined) return;
    this.reader.look(this.now);
    this.isStop = true;
    population.stopped(member, this);
    this.isStop = false;
    this.sendOff();
  }

  /** The member cannot enter, change or cancel orders before `until`; those that rest, stops among them, stay. */
  disconnect(member: number, until: Micros): void {
    this.offlineUntil[member] = Math.max(this.offlineUntil[member], until);
  }

  onFilled(member: number, side: Side, lots: Lots): void {
    const { population } = this.parts;
    if (population.filled === undefined) return;
    this.reader.look(this.now);
    population.filled(member, side, lots, this);
    this.sendOff();
  }

  get now(): Micros {
    return this.parts.kernel.now;
  }

  get appetite(): number {
    return this.parts.appetite();
  }

  lots(member: number): Lots {
    return this.parts.exchange.accounts.lots[this.parts.firstAccount + member];
  }

  cashFlow(member: number): Money {
    return (
      this.parts.exchange.accounts.ledger.balance[this.parts.firstAccount + member] - this.startCash[member]
    );
  }

  quote(member: number, slot: number, order: { side: Side; lots: Lots; price: Ticks }): void {
    this.send(member, slot, order.side, order.lots, order.price, false);
  }

  restingLots(member: number, slot: number): Lots {
    return this.book.remaining(this.resting[Math.imul(member, this.slots) + slot]);
  }

  restingPrice(member: number, slot: number): Ticks {
    return this.book.priceIfLive(this.resting[Math.imul(member, this.slots) + slot]);
  }

  take(member: number, order: { side: Side; lots: Lots; limit: Ticks; reduceOnly: boolean }): void {
    this.send(member, TAKE, order.side, order.lots, order.limit, order.reduceOnly);
  }

  marketLimit(side: Side): Ticks {
    const band = (this.seen.mark * this.contract.marketBand) / PPM;
    return Math.max(1, side === 1 ? Math.floor(this.seen.mark + band) : Math.ceil(this.seen.mark - band));
  }

  stopAt(member: number, side: Side, price: Ticks): void {
    this.parts.exchange.stops[side === -1 ? 0 : 1].set(this.parts.firstAccount + member, price);
  }

  liquidationsWithin(priceFrom: Ticks, priceTo: Ticks): Lots {
    const { liquidationMap, dataLatency, population } = this.parts;
    assert(population.mapReach !== undefined, 'this population does not see the liquidation map');
    return liquidationMap.lotsWithin(priceFrom, priceTo, this.now - dataLatency);
  }

  tradeOutside(lots: Lots): void {
    this.parts.tradeOutside(lots);
  }

  wakeAt(member: number, time: Micros): void {
    this.parts.kernel.at(time, Phase.AGENT, this.wakeHandler, member);
  }

  private wake(member: number): void {
    this.reader.look(this.now);
    this.parts.population.wake(member, this);
    this.sendOff();
  }

  /** Everything the population has decided since it last looked travels together. */
  private sendOff(): void {
    if (this.unsent === 0) return;
    const latency = Math.max(0, Math.round(draw(this.parts.orderLatency, this.latencies)));
    this.lastArrival = Math.max(this.lastArrival, this.now + latency);
    this.parts.kernel.at(this.lastArrival, Phase.ORDER_ARRIVAL, this.arrivalHandler, this.unsent);
    this.unsent = 0;
  }

  private send(
    member: number,
    slot: number,
    side: Side,
    lots: Lots,
    price: Ticks,
    reduceOnly: boolean,
  ): void {
    if (this.now < this.offlineUntil[member] && !this.isStop) return;
    if (this.waiting > this.mask) this.grow();
    const at = FIELDS * ((this.head + this.waiting) & this.mask);
    const { messages } = this;
    messages[at] = member;
    messages[at + 1] = slot;
    messages[at + 2] = side;
    messages[at + 3] = lots;
    messages[at + 4] = price;
    messages[at + 5] = reduceOnly ? 1 : 0;
    this.waiting++;
    this.unsent++;
  }

  private arrive(count: number): void {
    for (let i = 0; i < count; i++) {
      const at = FIELDS * this.head;
      this.head = (this.head + 1) & this.mask;
      this.waiting--;
      this.enter(at);
    }
    // A message is taken in as a whole: nobody sees a ladder half renewed.
    this.parts.exchange.publish(this.order.owner);
  }

  private enter(at: number): void {
    const { messages, order, book, resting } = this;
    const { exchange, firstAccount } = this.parts;
    // Small whole numbers, which `| 0` makes integers of the machine again; lots and price may be anything.
    const member = messages[at] | 0;
    const slot = messages[at + 1] | 0;
    order.owner = firstAccount + member;
    order.side = (messages[at + 2] | 0) as Side;
    order.lots = messages[at + 3]!;
    order.limit = messages[at + 4]!;
    order.reduceOnly = messages[at + 5] === 1;
    if (!exchange.mayTrade(order.owner)) return;
    if (slot === TAKE) {
      order.timeInForce = TimeInForce.IOC;
      order.postOnly = false;
      exchange.enter(order);
      return;
    }
    const place = Math.imul(member, this.slots) + slot;
    const handle = resting[place];
    const remaining = book.remaining(handle);
    if (remaining > 0) {
      if (
        order.lots > 0 &&
        order.lots <= remaining &&
        book.priceOf(handle) === order.limit &&
        book.sideOf(handle) === order.side
      ) {
        if (order.lots < remaining) exchange.reduce(handle, remaining - order.lots);
        this.lapses?.renew(place);
        return;
      }
      exchange.cancel(handle);
    }
    resting[place] = NO_ORDER;
    if (order.lots === 0) return;
    order.timeInForce = TimeInForce.GTC;
    order.postOnly = true;
    order.tag = slot;
    resting[place] = exchange.enter(order);
    this.lapses?.renew(place);
  }

  private lapse(place: number): void {
    const { exchange, firstAccount } = this.parts;
    if (!this.book.isLive(this.resting[place])) return;
    exchange.cancel(this.resting[place]);
    exchange.publish(firstAccount + Math.floor(place / this.slots));
  }

  private grow(): void {
    const larger = new Float64Array(2 * this.messages.length);
    const first = FIELDS * this.head;
    larger.set(this.messages.subarray(first));
    larger.set(this.messages.subarray(0, first), this.messages.length - first);
    this.messages = larger;
    this.mask = 2 * this.mask + 1;
    this.head = 0;
  }
}

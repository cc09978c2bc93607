import { describe, expect, it } from 'vitest';
import { RandomSource, type RandomStream } from '../../src/base/random.ts';
import type { Side, Ticks } from '../../src/base/units.ts';
import { OrderBook } from '../../src/market/order-book.ts';
import { MAX_LOTS, MAX_TICK, type Handle, type NewOrder } from '../../src/market/order.ts';
import { ReportKind } from '../../src/market/reports.ts';
import { SlowOrderBook } from '../oracles/order-book.ts';
import { type Book, levelsOf } from './book-dsl.ts';

/** Commands in all; raise it for a long search. */
const COMMANDS = Number(process.env.CASCADE_TWIN_COMMANDS ?? 120_000);
const COMMANDS_A_WORLD = 5_000;
const OWNERS = 6;
/** A world keeps about this many orders, so that the slow twin stays bearable. */
const ORDERS = 40;

describe('OrderBook and its slow twin', () => {
  it(`agree on every report and every state over ${COMMANDS} random commands`, { timeout: 3_600_000 }, () => {
    const seen = new Set<string>();
    for (let world = 0; world * COMMANDS_A_WORLD < COMMANDS; world++) {
      const random = new RandomSource('twins').stream(`world/${world}`);
      const prices = world % 3 === 2 ? farPrices(random) : pricesNear(random);
      new Twins(random, prices).run(Math.min(COMMANDS_A_WORLD, COMMANDS - world * COMMANDS_A_WORLD), seen);
    }
    // The search is worth something only if it has met every kind of report with every reason the book gives.
    expect([...seen].sort()).toEqual(
      [
        '0/0',
        '1/0',
        '2/0',
        '2/6',
        '2/7',
        '3/0',
        '3/6',
        '4/1',
        '4/2',
        '4/3',
        '4/4',
        '4/5',
        '4/6',
        '5/0',
      ].sort(),
    );
  });
});

/** Prices within a few ticks of a touch that wanders, now and then outside the allowed range. */
function pricesNear(random: RandomStream): () => Ticks {
  let middle = 1_000 + random.below(1_000_000);
  return () => {
    if (random.below(500) === 0) return random.below(2) * (MAX_TICK + 1);
    if (random.below(100) === 0) middle += random.below(41) - 20;
    return middle + random.below(13) - 6;
  };
}

/** A few prices out of the whole range, so that they meet, and their neighbours across words and pages. */
function farPrices(random: RandomStream): () => Ticks {
  const favourites = Array.from({ length: 6 }, () => 1 + random.below(MAX_TICK));
  favourites.push(1, 2, MAX_TICK, 1 << random.below(31));
  return () => {
    const price =
      favourites[random.below(favourites.length)] + (random.below(3) - 1) * [1, 31, 1024][random.below(3)];
    return Math.max(1, Math.min(MAX_TICK, price));
  };
}

/** The same commands to both books, and the positions that follow from the fills. */
class Twins {
  private readonly lots = new Array<number>(OWNERS).fill(0);
  private readonly positions = { lots: (owner: number) => this.lots[owner] };
  private readonly fast = new OrderBook({ positions: this.positions, capacity: 2, centre: 100 });
  private readonly slow = new SlowOrderBook({ positions: this.positions });
  /** The latest orders that came to rest, many of them gone: [fast handle, slow handle]. */
  private readonly known: [Handle, Handle][] = [];
  private readonly random: RandomStream;
  private readonly price: () => Ticks;

  constructor(random: RandomStream, price: () => Ticks) {
    this.random = random;
    this.price = price;
  }

  run(commands: number, seen: Set<string>): void {
    for (let i = 0; i < commands; i++) {
      const command = this.command();
      const answers = [command(this.fast, 0), command(this.slow, 1)];
      this.learnHandles();
      const rows = rowsOf(this.fast, (handle) => this.slowHandle(handle));
      agree(rows, rowsOf(this.slow));
      const answer = typeof answers[0] === 'number' ? this.slowHandle(answers[0]) : answers[0];
      agree([answer, this.fast.stateHash()], [answers[1], this.slow.stateHash()]);
      for (const row of rows) seen.add(`${row.kind}/${row.reason}`);
      this.settle(rows);
      this.forgetOldHandles();
      if (i % 1_000 === 0) this.compareAnswers();
    }
    this.compareAnswers();
  }

  private command(): (book: Book, which: 0 | 1) => boolean | number {
    const { random } = this;
    const crowded = this.fast.orderCount() > ORDERS;
    const dice = random.below(100) + (crowded ? 25 : 0);
    const [target, lots, limit] = [this.someOrder(), this.size(), this.price()];
    if (dice < 55) {
      const order = this.newOrder(lots, limit);
      return (book) => book.place(order);
    }
    if (dice < 62) return (book, which) => book.reduce(target[which], lots);
    if (dice < 76) {
      const same = random.below(3) === 0 && this.fast.isLive(target[0]);
      const at = same ? this.fast.priceOf(target[0]) : limit;
      return (book, which) => book.replace(target[which], lots, at);
    }
    if (dice < 77) {
      const owner = random.below(OWNERS + 1);
      return (book) => -book.cancelAll(owner);
    }
    return (book, which) => book.cancel(target[which]);
  }

  private newOrder(lots: number, limit: Ticks): NewOrder {
    const { random } = this;
    return {
      owner: random.below(OWNERS),
      side: random.below(2) === 0 ? 1 : -1,
      lots,
      limit,
      timeInForce: ([0, 0, 0, 1, 2] as const)[random.below(5)],
      postOnly: random.below(6) === 0,
      reduceOnly: random.below(4) === 0,
      selfTrade: random.below(4) as NewOrder['selfTrade'],
      tag: random.uint32() | 0,
    };
  }

  private size(): number {
    const { random } = this;
    if (random.below(300) === 0) return [0, -1, 1.5, NaN, MAX_LOTS + 1][random.below(5)];
    return 1 + random.below(random.below(10) === 0 ? 100 : 8);
  }

  /** Mostly one of the latest, sometimes one that never was. */
  private someOrder(): [Handle, Handle] {
    if (this.known.length === 0 || this.random.below(50) === 0) return [NEVER_GIVEN, NEVER_GIVEN];
    return this.known[this.random.below(this.known.length)];
  }

  private learnHandles(): void {
    const { fast, slow } = this;
    for (let i = 0; i < Math.min(fast.reports.count, slow.reports.count); i++) {
      if (fast.reports.kind(i) !== ReportKind.ACCEPTED) continue;
      this.known.push([fast.reports.handle(i), slow.reports.handle(i)]);
    }
  }

  /** Only after the reports have been compared: they may be about an order that has just gone. */
  private forgetOldHandles(): void {
    while (this.known.length > 3 * ORDERS) {
      const oldest = this.known.shift()!;
      if (this.fast.isLive(oldest[0])) this.known.push(oldest);
    }
  }

  /** The twin's name for an order of the fast book; negative answers, 0 and made-up handles stay as they are. */
  private slowHandle(handle: Handle): Handle {
    if (handle <= 0 || handle === NEVER_GIVEN) return handle;
    return this.known.find(([fast]) => fast === handle)?.[1] ?? NaN;
  }

  private settle(rows: ReportRow[]): void {
    for (const { kind, owner, takerOwner, side, lots } of rows) {
      if (kind !== ReportKind.FILL) continue;
      this.lots[owner] += side * lots;
      this.lots[takerOwner] -= side * lots;
    }
    // Somebody's position changes outside the book, as by liquidation or ADL.
    if (this.random.below(50) === 0) this.lots[this.random.below(OWNERS)] = this.random.below(41) - 20;
  }

  private compareAnswers(): void {
    const { fast, slow } = this;
    fast.checkInvariants();
    for (const side of [1, -1] as Side[]) {
      expect(levelsOf(fast, side)).toEqual(levelsOf(slow, side));
      expect(fast.totalLots(side)).toBe(slow.totalLots(side));
      const price = this.price();
      expect(fast.nextLevel(side, price)).toBe(slow.nextLevel(side, price));
      expect(fast.lotsAt(side, price)).toBe(slow.lotsAt(side, price));
    }
    expect([fast.orderCount(), fast.lastTrade()]).toEqual([slow.orderCount(), slow.lastTrade()]);
    for (const [f, s] of this.known) {
      expect([fast.isLive(f), fast.remaining(f), fast.priceIfLive(f)]).toEqual([
        slow.isLive(s),
        slow.remaining(s),
        slow.priceIfLive(s),
      ]);
      if (!fast.isLive(f)) continue;
      expect([fast.ownerOf(f), fast.tagOf(f), fast.priceOf(f), fast.sideOf(f)]).toEqual([
        slow.ownerOf(s),
        slow.tagOf(s),
        slow.priceOf(s),
        slow.sideOf(s),
      ]);
      expect(this.slowHandle(fast.orderAhead(f))).toBe(slow.orderAhead(s));
    }
  }
}

const NEVER_GIVEN: Handle = 2 ** 52;

interface ReportRow {
  kind: number;
  reason: number;
  handle: Handle;
  owner: number;
  side: number;
  tag: number;
  price: number;
  lots: number;
  remaining: number;
  takerOwner: number;
  takerTag: number;
}

function rowsOf(book: Book, translate = (handle: Handle) => handle): ReportRow[] {
  const r = book.reports;
  return Array.from({ length: r.count }, (_, i) => {
    const fill = r.kind(i) === ReportKind.FILL;
    return {
      kind: r.kind(i),
      reason: r.reason(i),
      handle: translate(r.handle(i)),
      owner: r.owner(i),
      side: r.side(i),
      tag: r.tag(i),
      price: r.price(i),
      lots: r.lots(i),
      remaining: r.remaining(i),
      takerOwner: fill ? r.takerOwner(i)! : -1,
      takerTag: fill ? r.takerTag(i)! : -1,
    };
  });
}

/** `expect(a).toEqual(b)`, whose price is paid only when they differ. */
function agree(a: unknown, b: unknown): void {
  if (JSON.stringify(a) !== JSON.stringify(b)) expect(a).toEqual(b);
}

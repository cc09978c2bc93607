import type { Micros, Ticks } from '../base/units.ts';

/** One line of public market data. */
export interface MarketDataRow {
  bid: Ticks;
  ask: Ticks;
  last: Ticks;
  index: Ticks;
  mark: Ticks;
}

const FIELDS = 6;

/**
 * What was public when: a ring of the latest states of the market, so that each desk can look as far back as its latency.
 * The ring grows while its oldest row may still be asked for by the slowest desk.
 */
export class MarketData {
  /** Row r is at FIELDS·(r mod capacity): time, bid, ask, last, index, mark. */
  private rows = new Float64Array(FIELDS * 4096);
  /** A power of two. */
  private capacity = 4096;
  /** Number of rows ever written; the latest is count − 1. */
  private count = 0;
  private longestLatency: Micros = 0;

  /** A reader that sees the market as it was `latency` ago. */
  reader(latency: Micros): MarketDataReader {
    this.longestLatency = Math.max(this.longestLatency, latency);
    return new MarketDataReader(this, latency);
  }

  /** The market looks like this from now on. A second state at the same instant replaces the first. */
  publish(now: Micros, row: Readonly<MarketDataRow>): void {
    const sameInstant = this.count > 0 && this.timeOf(this.count - 1) === now;
    if (!sameInstant) {
      const full = this.count >= this.capacity;
      if (full && this.timeOf(this.count - this.capacity + 1) > now - this.longestLatency) this.grow();
      this.count++;
    }
    const at = this.place(this.count - 1);
    const { rows } = this;
    rows[at] = now;
    rows[at + 1] = row.bid;
    rows[at + 2] = row.ask;
    rows[at + 3] = row.last;
    rows[at + 4] = row.index;
    rows[at + 5] = row.mark;
  }

  /** Moves a reader's cursor on to the last row not younger than `time`, and copies that row; all NaN when there is none. */
  read(cursor: number, time: Micros, into: MarketDataRow): number {
    let row = Math.max(cursor, this.count - this.capacity, 0);
    while (row + 1 < this.count && this.timeOf(row + 1) <= time) row++;
    const known = row < this.count && this.timeOf(row) <= time;
    const at = this.place(row);
    const { rows } = this;
    into.bid = known ? rows[at + 1] : NaN;
    into.ask = known ? rows[at + 2] : NaN;
    into.last = known ? rows[at + 3] : NaN;
    into.index = known ? rows[at + 4] : NaN;
    into.mark = known ? rows[at + 5] : NaN;
    return row;
  }

  private timeOf(row: number): Micros {
    return this.rows[this.place(row)];
  }

  private place(row: number): number {
    return FIELDS * (row & (this.capacity - 1));
  }

  private grow(): void {
    const old = this.rows;
    const oldCapacity = this.capacity;
    this.capacity *= 2;
    this.rows = new Float64Array(FIELDS * this.capacity);
    for (let row = Math.max(0, this.count - oldCapacity); row < this.count; row++) {
      const from = FIELDS * (row % oldCapacity);
      this.rows.set(old.subarray(from, from + FIELDS), this.place(row));
    }
  }
}

/** The market as one population sees it. `row` is valid until the next `look`. */
export class MarketDataReader {
  readonly row: MarketDataRow = { bid: NaN, ask: NaN, last: NaN, index: NaN, mark: NaN };
  private readonly data: MarketData;
  private readonly latency: Micros;
  private cursor = 0;

  constructor(data: MarketData, latency: Micros) {
    this.data = data;
    this.latency = latency;
  }

  look(now: Micros): void {
    this.cursor = this.data.read(this.cursor, now - this.latency, this.row);
  }
}

import { describe, expect, it } from 'vitest';
import { RandomSource } from '../../src/base/random.ts';
import { MarketData } from '../../src/world/market-data.ts';
import type { MarketDataRow } from '../../src/world/market-data.ts';

function row(price: number): MarketDataRow {
  return { bid: price - 1, ask: price + 1, last: price, index: price + 0.5, mark: price + 0.25 };
}
const NOTHING = { bid: NaN, ask: NaN, last: NaN, index: NaN, mark: NaN };

describe('market data', () => {
  it('shows the market as it was one latency ago', () => {
    const data = new MarketData();
    const reader = data.reader(50);
    data.publish(100, row(10));
    data.publish(120, row(20));
    reader.look(150);
    expect(reader.row).toEqual(row(10));
    reader.look(169);
    expect(reader.row).toEqual(row(10));
    reader.look(170);
    expect(reader.row).toEqual(row(20));
  });

  it('shows nothing before the first state has had time to arrive', () => {
    const data = new MarketData();
    const reader = data.reader(50);
    reader.look(10);
    expect(reader.row).toEqual(NOTHING);
    data.publish(20, row(10));
    reader.look(69);
    expect(reader.row).toEqual(NOTHING);
  });

  it('shows what was there last at an instant', () => {
    const data = new MarketData();
    const reader = data.reader(0);
    data.publish(5, row(1));
    data.publish(5, row(2));
    reader.look(5);
    expect(reader.row).toEqual(row(2));
    data.publish(5, row(3));
    reader.look(5);
    expect(reader.row).toEqual(row(3));
  });

  it('serves readers of different latencies side by side', () => {
    const data = new MarketData();
    const [fast, slow] = [data.reader(0), data.reader(1_000)];
    for (let time = 0; time <= 3_000; time += 10) data.publish(time, row(time));
    fast.look(3_000);
    slow.look(3_000);
    expect([fast.row.last, slow.row.last]).toEqual([3_000, 2_000]);
  });

  it('remembers as much as the slowest reader needs, however much happens meanwhile', () => {
    const data = new MarketData();
    const slow = data.reader(20_000);
    for (let time = 0; time < 100_000; time++) {
      data.publish(time, row(time));
      if (time % 9_973 === 0 && time > 20_000) {
        slow.look(time);
        expect(slow.row.last).toBe(time - 20_000);
      }
    }
  });

  it('agrees with a full record, for readers that sleep, under random traffic', () => {
    const random = new RandomSource('market-data').stream('traffic');
    const data = new MarketData();
    const latencies = [0, 7, 1_000, 30_000];
    const readers = latencies.map((latency) => data.reader(latency));
    const times: number[] = [];
    let now = 0;
    for (let i = 0; i < 60_000; i++) {
      now += random.below(4);
      data.publish(now, row(i));
      times.push(now);
      if (random.below(500) !== 0) continue;
      const which = random.below(readers.length);
      readers[which].look(now);
      // Last state at or before what the reader can know.
      let known = times.length - 1;
      while (known >= 0 && times[known] > now - latencies[which]) known--;
      expect(readers[which].row).toEqual(known < 0 ? NOTHING : row(known));
    }
  });
});

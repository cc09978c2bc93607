/** A public-style stream of orders through the book, by the public surface alone, and what it reported. */
import {
  OrderBook,
  RandomSource,
  RejectReason,
  ReportKind,
  SelfTrade,
  TimeInForce,
} from '../../src/index.ts';

/** 50 % new orders of which 15 % IOC, 41 % cancels, 9 % modifications; counts the report rows by kind. */
export function playPublicStream(messages: number, seed: string): Record<string, number> {
  const random = new RandomSource(seed).stream('orders');
  const book = new OrderBook();
  const handles: number[] = [];
  const counts: Record<string, number> = {};
  for (let i = 0; i < messages; i++) {
    const dice = random.uniform();
    const side = random.below(2) === 0 ? 1 : -1;
    const limit = 10_000 - side * Math.round(20 * random.exponential() - 4);
    const lots = 1 + random.below(100);
    // Any order there ever was: many have traded or are cancelled, and the book refuses them.
    const known = random.below(handles.length + 1);
    if (dice < 0.5) {
      const handle = book.place({
        owner: random.below(50),
        side,
        lots,
        limit,
        timeInForce: dice < 0.5 * 0.15 ? TimeInForce.IOC : TimeInForce.GTC,
        postOnly: false,
        reduceOnly: false,
        selfTrade: SelfTrade.CANCEL_TAKER,
        tag: i,
      });
      handles.push(handle);
    } else if (dice < 0.91) book.cancel(handles[known] ?? 0);
    else handles[known] = book.replace(handles[known] ?? 0, lots, limit);

    const { reports } = book;
    for (let row = 0; row < reports.count; row++) {
      const kind = nameOf(ReportKind, reports.kind(row));
      const reason = nameOf(RejectReason, reports.reason(row));
      const name = reason === 'NONE' ? kind : `${kind} ${reason}`;
      counts[name] = (counts[name] ?? 0) + 1;
    }
  }
  return counts;
}

function nameOf(names: Readonly<Record<string, number>>, value: number): string {
  return Object.keys(names).find((name) => names[name] === value)!;
}

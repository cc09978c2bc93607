import { expect, test } from 'vitest';
import { playPublicStream } from './public-stream.ts';

test('a public-style stream of orders gets every kind of report, and the same ones again', () => {
  const counts = playPublicStream(20_000, 'stream');
  expect(Object.keys(counts).sort()).toEqual([
    'ACCEPTED',
    'CANCELLED',
    'CANCELLED SELF_TRADE',
    'EXPIRED',
    'FILL',
    'REDUCED',
    'REJECTED UNKNOWN_ORDER',
  ]);
  expect(playPublicStream(20_000, 'stream')).toEqual(counts);
});

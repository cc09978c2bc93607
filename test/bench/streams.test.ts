import { expect, test } from 'vitest';
import { playerOf } from './engines.ts';
import { Ask, commonStream, countOf, publicStream, WORDS } from './streams.ts';

test('our book, its twin and nodejs-order-book trade the same on the common stream', () => {
  const stream = commonStream(1_000, 2_000);
  const traded = (['cascade-lab', 'slow twin', 'nodejs-order-book'] as const).map((name) => {
    const player = playerOf(name, stream);
    player.prepare()();
    return player.traded();
  });
  expect(traded[0].trades).toBeGreaterThan(300);
  expect(traded[1]).toEqual(traded[0]);
  expect(traded[2]).toEqual(traded[0]);
});

test('a public-style stream has the shares it promises', () => {
  const stream = publicStream('flash crash', 20_000);
  const counts = [0, 0, 0, 0];
  for (let i = 0; i < countOf(stream); i++) counts[stream.messages[i * WORDS]]++;
  const shares = counts.map((count) => count / countOf(stream));
  const expected = { [Ask.LIMIT]: 0.425, [Ask.IOC]: 0.075, [Ask.CANCEL]: 0.41, [Ask.MODIFY]: 0.09 };
  // Four standard errors of a share of a half.
  for (const [ask, share] of Object.entries(expected)) expect(shares[Number(ask)]).toBeCloseTo(share, 1.8);
});

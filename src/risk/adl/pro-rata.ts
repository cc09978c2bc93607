import { variant } from '../../base/parameters.ts';
import type { Lots } from '../../base/units.ts';
import type { AdlRanking, Allocation, Opponent } from './adl-ranking.ts';

/** Everybody on the other side gives up the same share of the position. No venue documents it; studied in arXiv 2512.01112. */
export const proRata = variant({
  name: 'pro-rata',
  about: 'Every opponent gives up the same share of its position.',
  source: 'arXiv 2512.01112',
  parameters: {},
  create: (): AdlRanking => ({ allocate: equalShares }),
});

/** Floors of the equal shares, then the lots left over one by one in order of account number. */
function equalShares(lots: Lots, opponents: readonly Opponent[]): Allocation[] {
  const held = opponents.reduce((sum, opponent) => sum + opponent.lots, 0);
  const wanted = Math.min(lots, held);
  const shares = opponents.map((opponent) => Math.floor((opponent.lots / held) * wanted));
  let rest = wanted - shares.reduce((sum, share) => sum + share, 0);
  for (let i = 0; rest > 0; i = (i + 1) % shares.length) {
    if (shares[i] < opponents[i].lots) {
      shares[i]++;
      rest--;
    }
  }
  return opponents.map(({ account }, i) => ({ account, lots: shares[i] })).filter((given) => given.lots > 0);
}

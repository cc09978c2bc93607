import type { Micros } from '../../base/units.ts';
import { calcIndex } from '../../prices/index-price.ts';
import { catalogue } from '../../world/catalogue.ts';
import { creatorFrom } from '../../world/create.ts';
import type { Venue } from '../../world/venue.ts';

export interface IndexConstituent {
  readonly name: string;
  readonly price: number;
  /** That of the venue's rules for this name when left out, else 1. */
  readonly weight?: number;
  readonly age: Micros;
}

/** The index that a venue's rule makes of these sources; NaN when it has too few, so that its old index stays. */
export function calcVenueIndex(
  { index }: Pick<Venue, 'index'>,
  sources: readonly IndexConstituent[],
): number {
  const rule = creatorFrom(catalogue).index(index, undefined);
  const { weights = {}, stale, atLeast } = index;
  return calcIndex(
    sources.map(({ price, age }) => ({ price, receivedAt: -age })),
    sources.map(({ name, weight }) => weight ?? weights[name] ?? 1),
    { rule, stale, atLeast },
    0,
  );
}

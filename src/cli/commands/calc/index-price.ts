import type { CommandModule } from 'yargs';
import { calcVenueIndex } from '../../../index.ts';
import type { IndexConstituent } from '../../../index.ts';
import { findVenue, VENUE_OPTIONS } from '../../venues.ts';
import { positive, written, wrong } from '../../written.ts';
import { print } from './answer.ts';

interface Options {
  readonly venue: string;
  readonly set: readonly string[];
  readonly source: readonly string[];
  readonly json: boolean;
}

/** `cascade calc index`: what an index rule makes of some sources. */
export const indexPrice: CommandModule<object, Options> = {
  command: 'index',
  describe: 'Index price from the prices of its sources',
  builder: (y) =>
    y
      .options(VENUE_OPTIONS)
      .option('source', {
        type: 'string',
        array: true,
        demandOption: true,
        describe: 'name:price, name:price:weight or name:price:weight:age, e.g. a:100.2:2:30s (repeatable)',
      })
      .option('json', { type: 'boolean', default: false, describe: 'One JSON document, unrounded' }),
  handler: ({ venue, set, source, json }) =>
    print(json, () => {
      const price = calcVenueIndex(findVenue(venue, set), source.map(sourceFrom));
      const isKnown = price === price;
      return {
        json: { index: isKnown ? price : null },
        lines: [
          ['index', isKnown ? String(Number(price.toPrecision(10))) : 'too few sources: the old one stays'],
        ],
      };
    }),
};

function sourceFrom(text: string): IndexConstituent {
  const [name, price, weight, age, ...more] = text.split(':');
  if (price === undefined || more.length > 0)
    throw wrong('source', text, 'name:price or name:price:weight:age');
  return {
    name,
    price: positive('money', 'source', price),
    ...(weight === undefined ? {} : { weight: written('money', 'source', weight) }),
    age: age === undefined ? 0 : written('duration', 'source', age),
  };
}

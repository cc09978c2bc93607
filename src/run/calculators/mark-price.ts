import { HOUR, type Micros } from '../../base/units.ts';
import { contractFrom } from '../../market/contract.ts';
import { calcMark, markInputsOf } from '../../prices/calc-mark.ts';
import type { Marks, Moment } from '../../prices/calc-mark.ts';
import { catalogue } from '../../world/catalogue.ts';
import { creatorFrom } from '../../world/create.ts';
import type { Venue } from '../../world/venue.ts';
import { CalculatorError } from './calculator-error.ts';

export interface MarkQuestion {
  /** Everything as it is now; the index is needed. */
  readonly moment: Omit<Moment, 'now'> & { readonly index: number };
  /** How long it has been like this. Before, for an hour and a half, every price stood at the index. */
  readonly since: Micros;
}

/** Time in which averages forget how they began. */
const CALM: Micros = 1.5 * HOUR;

/** The mark that a venue's design gives some time after a step from the index; NaN where it has no price. */
export function calcVenueMark(
  { contract, exchange }: Pick<Venue, 'contract' | 'exchange'>,
  question: MarkQuestion,
): Marks {
  const { moment, since } = question;
  const { every } = exchange.mark;
  const design = creatorFrom(catalogue).mark(exchange.mark, {
    contract: contractFrom(contract),
    every,
    feeds: Object.keys(moment.sources ?? {}),
    refuse: (path, expected) => {
      throw new CalculatorError(`exchange.mark.${path.join('.')}: expected ${expected}`);
    },
  });
  const calm = calmBefore(moment);
  const series: Moment[] = [];
  for (let now = 0; now <= CALM; now += every) series.push({ ...calm, now });
  for (let t = every; t <= since; t += every) series.push({ ...moment, now: CALM + t });
  return calcMark(design, series.map(markInputsOf)).at(-1)!;
}

/** The same with every price that there is at the index. */
function calmBefore(moment: MarkQuestion['moment']): Omit<Moment, 'now'> {
  const { index, fundingRate, fundingShare, sources, ...book } = moment;
  const atIndex = <Names extends object>(prices: Names): Names =>
    Object.fromEntries(Object.keys(prices).map((name) => [name, index])) as Names;
  return {
    index,
    ...atIndex(book),
    ...(sources === undefined ? {} : { sources: atIndex(sources) }),
    ...(fundingRate === undefined ? {} : { fundingRate }),
    ...(fundingShare === undefined ? {} : { fundingShare }),
  };
}

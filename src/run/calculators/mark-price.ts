import { describeParameter } from '../../base/parameters.ts';
import type { AnyVariant } from '../../base/parameters.ts';
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
  const named = markSourcesOf(exchange.mark);
  const unknown = Object.keys(moment.sources ?? {}).find((name) => !named.includes(name));
  if (unknown !== undefined) {
    const there = named.length === 0 ? 'looks at no source' : `looks at ${named.join(', ')}`;
    throw new CalculatorError(`there is no source ${unknown}: this mark design ${there}`);
  }
  const design = creatorFrom(catalogue).mark(exchange.mark, {
    contract: contractFrom(contract),
    every,
    feeds: named,
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

/** The outside venues that a mark design is told to look at. One that nobody gives a price has none, as in an outage. */
export function markSourcesOf({ design, parameters }: Venue['exchange']['mark']): string[] {
  const designs: Readonly<Record<string, AnyVariant>> = catalogue.mark;
  const described = Object.entries(designs[design].parameters);
  return described.flatMap(([key, parameter]) => {
    const value = (parameters as Readonly<Record<string, unknown>>)[key];
    if (value === undefined) return [];
    const { kind } = describeParameter(parameter);
    return kind === 'text' ? [value as string] : kind === 'weights' ? Object.keys(value as object) : [];
  });
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

import { marginTableFrom } from '../../accounts/margin-table.ts';
import type { MarginTable } from '../../accounts/margin-table.ts';
import { SECOND } from '../../base/units.ts';
import { loadVenue } from '../../world/venue.ts';
import type { Venue } from '../../world/venue.ts';
import { calcDeleveraging } from '../calculators/deleveraging.ts';
import type { DeleveragingQuestion } from '../calculators/deleveraging.ts';
import { calcFunding } from '../calculators/funding.ts';
import type { FundingQuestion } from '../calculators/funding.ts';
import { calcLiquidation } from '../calculators/liquidation.ts';
import type { LiquidationQuestion } from '../calculators/liquidation.ts';
import { calcVenueMark } from '../calculators/mark-price.ts';
import type { MarkQuestion } from '../calculators/mark-price.ts';
import { VOCABULARY } from '../vocabulary.ts';
import { compare } from './check.ts';
import type { Check, Finding } from './check.ts';
import type { Laboratory } from './laboratory.ts';

/** A line of `scenarios/venues/worked-numbers.json`. */
type WorkedNumber = {
  readonly name: string;
  /** Numbers by where they stand in the answer of the calculator, e.g. `rates.0`. */
  readonly answer: Readonly<Record<string, number>>;
  /** Half a digit of what is published. */
  readonly within: number;
} & (
  | { readonly of: 'liquidation'; readonly tiers: string; readonly ask: Omit<LiquidationQuestion, 'table'> }
  | {
      readonly of: 'mark';
      readonly venue: string;
      readonly seconds: number;
      readonly ask: MarkQuestion['moment'];
    }
  | { readonly of: 'funding'; readonly venue: string; readonly ask: FundingQuestion }
  | {
      readonly of: 'deleveraging';
      readonly venue: string;
      readonly tiers: string;
      readonly ask: Omit<DeleveragingQuestion, 'table'>;
    }
);

export const workedNumbers: Check = {
  id: 'venues',
  group: 'venues',
  title: 'Liquidation prices, marks, funding and queues of deleveraging as venues work them out',
  theory: "the examples of the venues' own pages, and numbers reckoned by hand from their formulas",
  source: 'scenarios/venues/worked-numbers.json',
  perturbs: 'entry price in the questions about liquidation',
  run(lab) {
    const { numbers } = JSON.parse(lab.read('venues/worked-numbers.json')) as { numbers: WorkedNumber[] };
    return numbers.flatMap((number) => findingsOf(number, answerTo(number, lab)));
  },
};

function answerTo(number: WorkedNumber, lab: Laboratory): unknown {
  switch (number.of) {
    case 'liquidation':
      return calcLiquidation({
        ...number.ask,
        entry: number.ask.entry * lab.off,
        table: tableOf(number.tiers, lab),
      });
    case 'mark':
      return calcVenueMark(venueOf(number.venue, lab), {
        moment: number.ask,
        since: number.seconds * SECOND,
      });
    case 'funding':
      return calcFunding(venueOf(number.venue, lab), number.ask);
    case 'deleveraging':
      return calcDeleveraging(venueOf(number.venue, lab), {
        ...number.ask,
        table: tableOf(number.tiers, lab),
      });
  }
}

function findingsOf({ name, answer, within }: WorkedNumber, given: unknown): Finding[] {
  return Object.entries(answer).map(([path, theory]) =>
    compare(`${name}: ${path}`, {
      theory,
      simulated: Number(
        path.split('.').reduce((value, key) => (value as Record<string, unknown>)[key], given),
      ),
      tolerance: within,
      because: 'as many digits as are published',
    }),
  );
}

function venueOf(name: string, lab: Laboratory): Venue {
  return loadVenue(lab.path(`venues/${name}.yaml`), lab.files, VOCABULARY);
}

function tableOf(name: string, lab: Laboratory): MarginTable {
  const file = `tiers/${name}.json`;
  const json = JSON.parse(lab.read(file)) as unknown;
  return marginTableFrom(json, (path) => ({ file, line: 0, column: 0, path: path.join('.') }));
}

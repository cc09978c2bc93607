import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { calcVenueMark, describeParameter, markSourcesOf, VOCABULARY } from '../index.ts';
import type { AnyVariant, Venue } from '../index.ts';
import { money, percent } from './format.ts';
import { code, markdownTable } from './markdown.ts';
import { findVenue, VENUE_FOLDER, venueNames } from './venues.ts';

/** What cannot be read from a preset: what its venue publishes, in words, and where. */
interface Sources {
  /** What is to be said about the presets. */
  readonly presets: string;
  readonly sources: Readonly<Record<string, { readonly says: string; readonly url?: string }>>;
  readonly venues: readonly VenueWords[];
  readonly claims: readonly {
    readonly told: string;
    readonly shown: string;
    readonly sources: readonly string[];
  }[];
}

/** A statement and the key of its source. */
type Cited = readonly [says: string, source: string];
type VenueWords = {
  readonly name: string;
  readonly preset: string;
  /** Why no margin table of it ships. */
  readonly noTable?: string;
} & Readonly<Record<Aspect, Cited>>;
type Aspect = (typeof PRICES)[number]['key'] | (typeof LOSSES)[number]['key'];

/** An aspect of the comparison and the mechanism of a preset that stands for it; none where nobody asks for it. */
interface Column {
  readonly key: string;
  readonly title: string;
  readonly mechanism: (venue: Venue) => string | undefined;
}

const isPool = ({ exchange }: Venue): boolean => exchange.trading.venue === 'oracle-pool';
const deleverages = ({ exchange }: Venue): boolean => exchange.waterfall.trigger !== 'never';

const PRICES = [
  {
    key: 'mark',
    title: 'does the mark follow its own book?',
    mechanism: ({ exchange }) => exchange.mark.design,
  },
  { key: 'margin', title: 'margin', mechanism: ({ exchange }) => exchange.margin.rule },
  { key: 'funding', title: 'funding', mechanism: ({ exchange }) => exchange.funding.rule },
] as const satisfies readonly Column[];

const LOSSES = [
  { key: 'order', title: 'liquidation order', mechanism: ({ exchange }) => exchange.liquidation.policy },
  { key: 'partial', title: 'in parts?', mechanism: () => undefined },
  {
    key: 'rest',
    title: 'who absorbs the rest',
    mechanism: (venue) => (isPool(venue) ? venue.exchange.trading.venue : venue.exchange.waterfall.trigger),
  },
  { key: 'adlPrice', title: 'ADL price', mechanism: () => undefined },
  {
    key: 'adlOrder',
    title: 'ADL order',
    mechanism: (venue) => (deleverages(venue) ? venue.exchange.adl.ranking : undefined),
  },
  { key: 'keepers', title: 'who liquidates', mechanism: ({ exchange }) => exchange.keepers.kind },
] as const satisfies readonly Column[];

/** The comparison of venues: mechanisms and parameters from the presets, words and sources from the file beside them. */
export function venuesText(): string {
  const data = JSON.parse(readFileSync(join(VENUE_FOLDER, 'sources.json'), 'utf8')) as Sources;
  const keys = Object.keys(data.sources);
  const cite = (key: string): string => `[${keys.indexOf(key) + 1}](#sources)`;
  const venues = data.venues.map((words) => ({ words, venue: findVenue(words.preset, []) }));
  const cell = ({ key, mechanism }: Column, { words, venue }: (typeof venues)[number]): string => {
    const [says, source] = words[key as Aspect];
    const name = mechanism(venue);
    return `${says}${name === undefined ? '' : ` ${linkTo(name)}`} ${cite(source)}`;
  };
  return `${[
    '# Venues',
    'This page is made by `cascade venues` from the presets in `scenarios/venues/` and from `scenarios/venues/sources.json`; edit those instead. A scenario is run under the rules of a venue by the line `extends: [venues/<preset>.yaml, …]`, under those of several by a sweep, as `scenarios/venue-tournament.yaml` does.',
    'Every cell says what the venue publishes, names the mechanism that the preset takes for it, and its source by number. Rules change: the dates are those of the texts, and a page without one has none and is as read in November 2026. Values that are assumptions, secondary or unverified are marked in the presets. What is simplified stands in [limits.md](limits.md).',
    '## Prices and margin',
    `The reaction is how much of a fall of the own book alone, by 1 %, with the index flat, is in the mark after ${STEPS.join(', ')} seconds: worked out by \`cascade calc mark\` from the preset.`,
    markdownTable(
      ['venue', PRICES[0].title, 'reaction', PRICES[1].title, PRICES[2].title],
      venues.map((row) => [
        row.words.name,
        cell(PRICES[0], row),
        isPool(row.venue) ? 'no book' : STEPS.map((after) => reaction(row.venue, after)).join(', '),
        cell(PRICES[1], row),
        cell(PRICES[2], row),
      ]),
    ),
    '## Liquidation and losses',
    markdownTable(
      ['venue', ...LOSSES.map(({ title }) => title)],
      venues.map((row) => [row.words.name, ...LOSSES.map((column) => cell(column, row))]),
    ),
    '## Presets',
    data.presets,
    markdownTable(['preset', 'mechanisms and their parameters'], venueNames().map(presetRow)),
    '## Often told, and what the sources show',
    markdownTable(
      ['told', 'shown', 'sources'],
      data.claims.map(({ told, shown, sources }) => [
        told,
        shown,
        sources.length === 0 ? 'none' : sources.map(cite).join(' '),
      ]),
    ),
    '## Sources',
    keys.map((key, i) => sourceLine(data.sources[key], i + 1)).join('\n'),
  ].join('\n\n')}\n`;
}

/** Seconds after the step. */
const STEPS = [30, 60, 150] as const;

/** Share of a step of the own book that is in the mark some seconds later. */
function reaction(venue: Venue, after: number): string {
  const [index, local] = [100_000, 99_000];
  const sources = Object.fromEntries(markSourcesOf(venue.exchange.mark).map((name) => [name, index]));
  const moment = { index, bid: local, ask: local, last: local, sources };
  const { mark } = calcVenueMark(venue, { moment, since: after * 1e6 });
  return percent(Math.round((100 * (index - mark)) / (index - local)) / 100);
}

function sourceLine({ says, url }: { readonly says: string; readonly url?: string }, number: number): string {
  return `${number}. ${url === undefined ? says : `[${says}](${url})`}`;
}

/** Several groups have a variant `none`, which no link could tell apart. */
function linkTo(name: string): string {
  if (name === 'none') return code(name);
  return `[${code(name)}](reference.md#${name})`;
}

function presetRow(name: string): string[] {
  const { trading, mark, margin, liquidation, waterfall, adl, keepers, funding } = findVenue(
    name,
    [],
  ).exchange;
  const chosen = [
    [VOCABULARY.trading[trading.venue], trading],
    [VOCABULARY.mark[mark.design], mark],
    [VOCABULARY.margin[margin.rule], margin],
    [VOCABULARY.liquidation[liquidation.policy], liquidation],
    [VOCABULARY.waterfall[waterfall.trigger], waterfall],
    [VOCABULARY.adl[adl.ranking], adl],
    [VOCABULARY.keepers[keepers.kind], keepers],
    [VOCABULARY.funding[funding.rule], funding],
  ] as const;
  const words = chosen.map(([variant, { parameters }]) => withParameters(variant, parameters));
  return [code(name), words.join(' · ')];
}

/** The variant and those of its parameters that are not as when left out. */
function withParameters(variant: AnyVariant, parameters: unknown): string {
  const standard = Object.entries(variant.parameters).flatMap(([key, schema]) => {
    const { kind, default: usual } = describeParameter(schema);
    const value = (parameters as Readonly<Record<string, unknown>>)[key];
    const text = value === undefined ? undefined : written(kind, value);
    return text === undefined || text === usual ? [] : [`${key} ${text}`];
  });
  return `${linkTo(variant.name)}${standard.length === 0 ? '' : ` (${standard.join(', ')})`}`;
}

/** A checked value as in a file; undefined for a table. */
function written(kind: string, value: unknown): string | undefined {
  if (kind === 'duration') return duration(value as number);
  if (kind === 'share') return percent(value as number).replace(' ', '');
  if (kind === 'money') return money(value as number);
  if (typeof value === 'object' && kind !== 'weights') return undefined;
  return kind === 'weights' ? Object.values(value as object).join(':') : String(value);
}

const UNITS = [
  [86_400_000_000, 'd'],
  [3_600_000_000, 'h'],
  [60_000_000, 'm'],
  [1_000_000, 's'],
  [1_000, 'ms'],
] as const;

function duration(micros: number): string {
  const [size, unit] = UNITS.find(([of]) => micros >= of && micros % of === 0) ?? [1, 'us'];
  return `${micros / size}${unit}`;
}

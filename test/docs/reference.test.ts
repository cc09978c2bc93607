import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { referenceText } from '../../src/cli/reference-text.ts';
import { venueNames } from '../../src/cli/venues.ts';
import { venuesText } from '../../src/cli/venues-text.ts';
import {
  catalogue,
  DETAIL_COLUMNS,
  describeParameter,
  jsonSchema,
  scenarioKeys,
  simulateDetail,
  VOCABULARY,
} from '../../src/index.ts';
import type { AnyVariant } from '../../src/index.ts';
import { ROOT, scenarioOf } from './repository.ts';

/** Read as a page: two texts of this length make an unreadable difference, so the first different line is shown. */
function expectFresh(file: string, made: string, command: string): void {
  const [stored, fresh] = [readFileSync(join(ROOT, file), 'utf8'), made].map((text) => text.split('\n'));
  const at = fresh.findIndex((line, i) => line !== stored[i]);
  const different = at < 0 ? stored[fresh.length] : `line ${at + 1}: ${fresh[at]}`;
  const why = `${file} is not what the program says now. Write it anew:\n  npm run build && node dist/cli/main.js ${command} > ${file}\n`;
  expect(different, why).toBeUndefined();
}

test('docs/reference.md is what cascade reference prints', () => {
  expectFresh('docs/reference.md', referenceText(), 'reference');
});

describe('docs/venues.md', () => {
  const text = venuesText();
  test('is what cascade venues prints', () => expectFresh('docs/venues.md', text, 'venues'));
  test('names mechanisms by headings of the reference that there are once', () => {
    const names = [...text.matchAll(/reference\.md#([\w-]+)/g)].map(([, name]) => name);
    const headings = referenceText().split('\n');
    expect(
      names.filter((name) => headings.filter((line) => line === `### \`${name}\``).length !== 1),
    ).toEqual([]);
  });
  test('cites every source, and has a line for every preset', () => {
    const listed = text.split('\n').filter((line) => /^\d+\. /.test(line)).length;
    const cited = new Set([...text.matchAll(/\[(\d+)\]\(#sources\)/g)].map(([, number]) => Number(number)));
    expect([...cited].sort((a, b) => a - b)).toEqual(Array.from({ length: listed }, (_, i) => i + 1));
    for (const name of venueNames()) expect(text).toContain(`| \`${name}\` `);
  });
});

test('the JSON Schema for editors is what cascade schema prints', () => {
  const made = `${JSON.stringify(jsonSchema(VOCABULARY), null, 2)}\n`;
  expectFresh('scenarios/schema/scenario.schema.json', made, 'schema');
});

test('the reference names every variant, parameter, key and column', () => {
  const text = referenceText();
  const groups = Object.keys(catalogue) as (keyof typeof catalogue)[];
  const variants = groups.flatMap((group): AnyVariant[] => Object.values(VOCABULARY[group]));
  const names = [
    ...scenarioKeys(VOCABULARY).map(({ path }) => path),
    ...variants.flatMap(({ name, parameters }) => [name, ...Object.keys(parameters)]),
    ...VOCABULARY.metrics.map(({ name }) => name),
    ...Object.values(DETAIL_COLUMNS).flatMap((columns) => columns.map(({ name }) => name)),
  ];
  expect(names.filter((name) => !text.includes(`\`${name}\``))).toEqual([]);
  const sentences = variants.flatMap(({ about, parameters }) => [
    about,
    ...Object.values(parameters).map((parameter) => describeParameter(parameter).about),
  ]);
  expect(sentences.filter((sentence) => !/\w/.test(sentence))).toEqual([]);
});

test('every key of a scenario has a sentence, but for those that only name a variant', () => {
  const silent = scenarioKeys(VOCABULARY).filter(
    ({ about, variants }) => about === '' && variants === undefined,
  );
  expect(silent).toEqual([]);
});

test('a run in detail has the columns that are described, in that order', () => {
  const scenario = scenarioOf('scenarios/limits/wave.yaml');
  const { row: _, events, ...tables } = simulateDetail(scenario, 0, 'closed', { events: true });
  for (const [name, table] of Object.entries({ ...tables, events: events! })) {
    const described = DETAIL_COLUMNS[name as keyof typeof DETAIL_COLUMNS].map((column) => column.name);
    expect(Object.keys(table), name).toEqual(described);
  }
});

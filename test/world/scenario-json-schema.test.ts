import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { jsonSchema } from '../../src/world/scenario.ts';
import { GOOD } from '../fixtures/scenarios/files.ts';
import { vocabulary } from '../fixtures/scenarios/vocabulary.ts';

const schema = JSON.parse(JSON.stringify(jsonSchema(vocabulary))) as {
  properties: Record<
    string,
    { description?: string; properties: Record<string, { description: string; default: unknown }> }
  >;
};
const accepts = new Ajv({ strict: false, allErrors: true }).compile(schema);

describe('the JSON Schema for editors', () => {
  it('accepts what the loader accepts', () => {
    expect(accepts(parse(GOOD))).toBe(true);
    expect(
      accepts(parse('extends: [a.yaml]\nexchange: { mark: { window: 5s } }\nsweep: { seed: [1, 2] }\n')),
    ).toBe(true);
    expect(
      accepts(parse('exchange: { margin: { tiers: [{ tier: 1 }] }, insuranceFund: { balance: 5 } }\n')),
    ).toBe(true);
    expect(accepts(parse('measure: { replicates: { until: { ruin: within 5% } } }\n'))).toBe(true);
    expect(
      accepts(
        parse(
          'agents: { a: { kind: holder, leverage: { mixture: [[0.5, 3], [0.5, { uniform: [1, 2] }]] } } }\n',
        ),
      ),
    ).toBe(true);
  });

  it.each([
    ['an unknown key', 'horizn: 20m'],
    ['an unknown key inside', 'exchange: { marc: {} }'],
    ['a number without a unit', 'horizon: 20'],
    ['a wrong unit', 'feeds: { a: { every: 1 sec } }'],
    ['a text for a number', 'contract: { price: "5" }'],
    ['an unknown variant', 'exchange: { mark: { design: last-trad } }'],
    ['a parameter of another variant', 'exchange: { mark: { design: last-trade, window: 5s } }'],
    ['an unknown arm', 'measure: { arms: [open] }'],
    ['a name with capitals', 'feeds: { A: {} }'],
    [
      'a distribution that is none',
      'agents: { a: { kind: holder, leverage: { lognormal: { median: 3 } } } }',
    ],
    ['an empty sweep', 'sweep: { seed: [] }'],
    ['a precision of an unknown metric', 'measure: { replicates: { until: { ruins: within 5% } } }'],
  ])('refuses %s', (_, text) => {
    expect(accepts(parse(text))).toBe(false);
  });

  it('describes every key and says the defaults', () => {
    for (const [key, property] of Object.entries(schema.properties)) {
      expect(property.description, key).toMatch(/\w/);
    }
    expect(schema.properties.contract.properties.takerFee).toMatchObject({
      description: 'Fee on fills that take liquidity.',
      default: '0.05%',
    });
    expect(JSON.stringify(schema)).not.toMatch(/"(parameter|written)":/);
  });
});

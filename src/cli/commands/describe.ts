import type { CommandModule } from 'yargs';
import { describeParameter, ESTIMANDS, METRICS, catalogue } from '../../index.ts';
import type { AnyVariant } from '../../index.ts';
import { InputError } from '../errors.ts';
import { plainTable } from '../plain-table.ts';

/** `cascade describe <name>`: the parameters of a variant, or the metrics. */
export const describe: CommandModule<object, { name: string; json: boolean }> = {
  command: 'describe <name>',
  describe: 'What one of them does, and its parameters; "metrics" for what is measured',
  builder: (y) =>
    y
      .positional('name', {
        type: 'string',
        demandOption: true,
        describe: 'A name from cascade list, or "metrics"',
      })
      .option('json', { type: 'boolean', default: false, describe: 'One JSON document' })
      .example('$0 describe median-of-three', 'the parameters of a mark design')
      .example('$0 describe metrics', 'what every run is reduced to'),
  handler: ({ name, json }) => {
    const descriptions = name === 'metrics' ? [METRICS_DESCRIPTION] : describeVariants(name);
    process.stdout.write(
      json ? `${JSON.stringify(descriptions, null, 2)}\n` : descriptions.map(inWords).join('\n'),
    );
  },
};

interface Description {
  readonly name: string;
  readonly group?: string;
  readonly about: string;
  readonly source?: string;
  /** By column, in words. */
  readonly rows: readonly Readonly<Record<string, string>>[];
}

const METRICS_DESCRIPTION: Description = {
  name: 'metrics',
  about: 'What every run is reduced to, and what is estimated from pairs of runs.',
  rows: [...METRICS, ...ESTIMANDS].map(({ name, unit, about }) => ({ metric: name, unit, about })),
};

/** The variants of that name; two groups may have one each. */
function describeVariants(name: string): Description[] {
  const groups: Readonly<Record<string, Readonly<Record<string, AnyVariant>>>> = catalogue;
  const found = Object.entries(groups).flatMap(([group, variants]) =>
    Object.values(variants)
      .filter((variant) => variant.name === name)
      .map((variant) => ({ group, variant })),
  );
  if (found.length === 0) throw new InputError(`There is no ${name}. See: cascade list`);
  return found.map(({ group, variant }) => ({
    name,
    group,
    about: variant.about,
    ...(variant.source === undefined ? {} : { source: variant.source }),
    rows: Object.entries(variant.parameters).map(([parameter, schema]) => {
      const { kind, unit, default: standard, optional, range, choices, about } = describeParameter(schema);
      return {
        parameter,
        unit: kind === 'distribution' ? `distribution (${unit})` : kind,
        default: standard ?? (optional ? 'none' : 'required'),
        range: choices?.join(' | ') ?? range ?? '',
        about,
      };
    }),
  }));
}

function inWords({ name, group, about, source, rows }: Description): string {
  const [first] = rows;
  return [
    group === undefined ? name : `${name} (${group})`,
    `  ${about}`,
    ...(source === undefined ? [] : [`  Source: ${source}`]),
    '',
    ...(first === undefined
      ? ['It has no parameters.']
      : [
          plainTable(
            Object.keys(first),
            rows.map((row) => Object.values(row)),
            { widths: WIDTHS[Object.keys(first).length] },
          ),
        ]),
    '',
  ].join('\n');
}

/** By number of columns: only the long texts are wrapped. */
const WIDTHS: Readonly<Record<number, readonly number[]>> = { 3: [0, 0, 80], 5: [0, 0, 0, 32, 60] };

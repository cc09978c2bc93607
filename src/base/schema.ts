import { z } from 'zod';
import { assert } from './check.ts';
import { distributionDefinitions } from './distribution-literals.ts';
import {
  describeParameter,
  metaOf,
  type AnyVariant,
  type Parameter,
  type ParameterDescription,
  type ParametersOf,
} from './parameters.ts';
import { asWritten, type Complaint } from './quantities.ts';

/** A complaint with its place in the checked value. */
export interface Fault extends Complaint {
  readonly path: readonly (string | number)[];
  /** The fault is the key itself (it is unknown), not its value. */
  readonly isKey: boolean;
  /** Words that would have been right, where there is a list of them. */
  readonly known?: readonly string[];
}

/** The variant that a map names, the settings it shares with its siblings, and the variant's own checked parameters. */
export type Chosen<Key extends string, Shared = unknown> = { readonly [K in Key]: string } & Shared & {
    readonly parameters: unknown;
  };

const NAME = /^[a-z][a-z0-9-]*$/;

/** A map with exactly these keys. */
export function map<Shape extends z.ZodRawShape>(
  shape: Shape,
  o: { readonly about: string; readonly default?: Record<string, unknown> },
): Parameter<ParametersOf<Shape>> {
  const schema = z.strictObject(shape, { error: knownKeys(Object.keys(shape)) });
  return (o.default === undefined ? schema : schema.prefault(o.default as z.input<typeof schema>)).meta({
    description: o.about,
  }) as unknown as Parameter<ParametersOf<Shape>>;
}

/** A map from names the user chooses (`[a-z][a-z0-9-]*`) to values of one kind. */
export function named<Value>(
  value: Parameter<Value>,
  o: { readonly about: string; readonly default?: Record<string, unknown> },
): Parameter<Readonly<Record<string, Value>>> {
  const schema = z.record(z.string().regex(NAME), value);
  return (o.default === undefined ? schema : schema.prefault(o.default)).meta({ description: o.about });
}

/**
 * A map that names one of the variants under `key`. `shared` are settings that stand beside the parameters of every variant;
 * they come out beside them too, while the variant's own come out under `parameters`. With a `standard` the key may be left out of
 * the map: then that variant is meant.
 */
export function oneOf<Key extends string, Shared extends z.ZodRawShape = Record<never, never>>(
  key: Key,
  variants: Readonly<Record<string, AnyVariant>>,
  o: {
    readonly about: string;
    readonly shared?: Shared;
    readonly standard?: string;
    /** As a user writes it, for a key that may be left out. */
    readonly default?: Record<string, unknown>;
  },
): Parameter<Chosen<Key, ParametersOf<Shared>>> {
  const shared: z.ZodRawShape = o.shared ?? {};
  const options = Object.values(variants).map(({ name, about, parameters }) => {
    const clash = Object.keys(parameters).find((own) => own === key || own in shared);
    assert(clash === undefined, `${name}: the parameter ${clash} has the name of a setting of every ${key}`);
    const word = name === o.standard ? z.literal(name).optional() : z.literal(name);
    const shape = { [key]: word, ...shared, ...parameters };
    return z.strictObject(shape, { error: knownKeys(Object.keys(shape)) }).meta({ description: about });
  });
  assert(options.length > 0, `there is a ${key} to choose`);
  const known = Object.values(variants).map(({ name }) => name);
  const schema = z
    .discriminatedUnion(key, options as [z.ZodObject, ...z.ZodObject[]], { error: () => listed(known) })
    .transform((checked) => {
      const parts: Record<string, unknown> = { [key]: checked[key] ?? o.standard };
      const parameters: Record<string, unknown> = {};
      for (const [name, value] of Object.entries(checked)) {
        if (name !== key) (name in shared ? parts : parameters)[name] = value;
      }
      return { ...parts, parameters };
    });
  return (o.default === undefined ? schema : schema.prefault(o.default)).meta({
    description: o.about,
  }) as unknown as Parameter<Chosen<Key, ParametersOf<Shared>>>;
}

/** A list of values of one kind. */
export function listOf<Value>(
  value: Parameter<Value>,
  o: { readonly about: string; readonly default?: readonly unknown[] },
): Parameter<readonly Value[]> {
  const schema = z.array(value);
  return (o.default === undefined ? schema : schema.prefault([...o.default])).meta({ description: o.about });
}

/** The checked value, or everything that is wrong with it, in no particular order. */
export function check<Value>(
  schema: Parameter<Value>,
  input: unknown,
): { readonly value: Value } | { readonly faults: readonly Fault[] } {
  const result = schema.safeParse(input);
  return result.success ? { value: result.data } : { faults: result.error.issues.flatMap(faultsOf) };
}

/** JSON Schema (draft-7) of what a user writes, for a schema built from the makers of this file and of parameters. */
export function jsonSchemaOf(schema: z.core.$ZodType): Record<string, unknown> {
  const made = z.toJSONSchema(schema, {
    target: 'draft-7',
    io: 'input',
    override: ({ zodSchema, jsonSchema }) => {
      const meta = metaOf(zodSchema);
      delete jsonSchema.parameter;
      delete jsonSchema.written;
      if (meta === undefined) return;
      // Draft-7 ignores whatever stands beside a $ref.
      Object.assign(jsonSchema, '$ref' in meta.written ? { allOf: [meta.written] } : meta.written);
    },
  });
  return { ...made, definitions: distributionDefinitions() };
}

/** Issues of zod carry a text only: the known words go through it as a comma-separated list. */
function knownKeys(keys: readonly string[]) {
  return (issue: { readonly code?: string }) =>
    issue.code === 'unrecognized_keys' ? listed(keys) : undefined;
}

function listed(words: readonly string[]): string {
  return words.join(', ');
}

function faultsOf(issue: z.core.$ZodIssue): readonly Fault[] {
  const path = issue.path as (string | number)[];
  const known = issue.message.split(', ');
  switch (issue.code) {
    case 'custom':
      return [{ ...(issue.params as Complaint), path, isKey: false }];
    case 'unrecognized_keys':
      return issue.keys.map((key) => ({
        expected: `one of ${issue.message}`,
        known,
        path: [...path, key],
        isKey: true,
      }));
    case 'invalid_union':
      return [{ expected: `one of ${issue.message}`, known, path, isKey: false }];
    case 'invalid_key':
      return [
        { expected: 'a name of lower-case letters, digits and hyphens, such as longs-2', path, isKey: true },
      ];
    case 'invalid_type':
      return [{ expected: issue.expected === 'array' ? 'a list' : 'a map', path, isKey: false }];
    default:
      assert(false, `no check makes the issue ${issue.code}`);
  }
}

/** A key that a user may write. */
export interface KeyDescription {
  /** Dotted; `<name>` stands for a name the user chooses, `<metric>` for that of a metric. */
  readonly path: string;
  readonly about: string;
  /** Undefined for a map with keys of its own, which follow, and for a key that names a variant. */
  readonly parameter?: Described;
  /** Names of the variants; their own parameters are not among the keys. */
  readonly variants?: readonly string[];
  /** The variant that is meant when the key is left out; undefined when it may not be. */
  readonly standard?: string;
  /** The map as a whole may be left out. */
  readonly optional: boolean;
}

type Described = Omit<ParameterDescription, 'kind'> & {
  readonly kind: ParameterDescription['kind'] | 'list';
};

/** Every key of a schema built from the makers of this file and of parameters, in its order, maps before their keys. */
export function describeKeys(schema: z.core.$ZodType, path = ''): KeyDescription[] {
  const { inner, optional } = unwrapped(schema);
  const about = [schema, inner].map((of) => z.globalRegistry.get(of)?.description).find(Boolean) ?? '';
  const here = { path, about, optional };
  const below = (key: string): string => (path === '' ? key : `${path}.${key}`);
  if (metaOf(inner) !== undefined) return [{ ...here, parameter: describeParameter(schema) }];
  if (inner instanceof z.ZodArray) return [{ ...here, parameter: describeList(schema, inner, about) }];
  if (inner instanceof z.ZodRecord) return [here, ...describeKeys(inner.valueType, below('<name>'))];
  if (inner instanceof z.ZodObject) {
    const keys = keysOf(inner);
    return [...(path === '' ? [] : [here]), ...keys.flatMap(([key, of]) => describeKeys(of, below(key)))];
  }
  assert(
    inner instanceof z.ZodPipe && inner.in instanceof z.ZodDiscriminatedUnion,
    `${path} has a description`,
  );
  return [here, ...describeChoice(inner.in, below)];
}

/** The key that names the variant, and the settings that all of them share. */
function describeChoice(union: z.ZodDiscriminatedUnion, below: (key: string) => string): KeyDescription[] {
  const options = union.options as z.ZodObject[];
  const key = union.def.discriminator;
  const words = options.map((option) => {
    const { inner, optional } = unwrapped(option.shape[key] as z.ZodType);
    return { name: String((inner as z.ZodLiteral).value), isStandard: optional };
  });
  const standard = words.find(({ isStandard }) => isStandard)?.name;
  // A shared setting is the very same schema in each of them.
  const [first] = options;
  const shared = entriesOf(first).filter(
    ([name, of]) => name !== key && options.every((option) => option.shape[name] === of),
  );
  return [
    {
      path: below(key),
      about: '',
      variants: words.map(({ name }) => name),
      ...(standard === undefined ? {} : { standard }),
      optional: false,
    },
    ...shared.flatMap(([name, of]) => describeKeys(of, below(name))),
  ];
}

function describeList(schema: z.core.$ZodType, list: z.ZodArray<z.core.$ZodType>, about: string): Described {
  const { choices } = describeParameter(list.element);
  return {
    kind: 'list',
    about,
    optional: false,
    ...(schema instanceof z.ZodPrefault ? { default: asWritten(schema.def.defaultValue) } : {}),
    ...(choices === undefined ? {} : { choices }),
  };
}

/** Keys that all have one and the same schema are words of one kind and stand for each other. */
function keysOf(map: z.ZodObject): [key: string, of: z.core.$ZodType][] {
  const entries = entriesOf(map);
  const [[, first]] = entries;
  const areAlike = entries.every(([, of]) => unwrapped(of).inner === unwrapped(first).inner);
  return areAlike && entries.length > 1 ? [['<metric>', first]] : entries;
}

function entriesOf({ shape }: z.ZodObject): [key: string, of: z.core.$ZodType][] {
  return Object.entries(shape);
}

/** What stands inside `.optional()` and the default of a map; a parameter's own default is part of the parameter. */
function unwrapped(schema: z.core.$ZodType): { readonly inner: z.core.$ZodType; readonly optional: boolean } {
  const isWrapper = schema instanceof z.ZodOptional || schema instanceof z.ZodPrefault;
  if (!isWrapper || metaOf(schema) !== undefined) return { inner: schema, optional: false };
  return { inner: unwrapped(schema.unwrap()).inner, optional: true };
}

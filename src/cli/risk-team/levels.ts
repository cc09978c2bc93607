import { quantities } from '../../index.ts';
import { InputError } from '../errors.ts';

/** Values of a parameter between two ends, as they are written in a scenario, in equal steps or, over more than a factor of 8, equal ratios. */
export function levelsBetween(
  { from, to }: { readonly from: string; readonly to: string },
  { steps, whole }: { readonly steps: number; readonly whole: boolean },
): readonly string[] {
  const [a, b] = sameUnit(partsOf('from', from), partsOf('to', to));
  if (a.value === b.value)
    throw new InputError(`--from and --to are both ${from}: name two different values`);
  const isLog = a.value * b.value > 0 && ratio(a.value, b.value) > LINEAR_UP_TO;
  const texts = Array.from({ length: steps + 1 }, (_, i) => {
    const t = i / steps;
    const value = isLog ? a.value * (b.value / a.value) ** t : a.value + t * (b.value - a.value);
    return `${whole ? Math.round(value) : Number(value.toPrecision(5))}${a.suffix}`;
  });
  return [...new Set(texts)];
}

const LINEAR_UP_TO = 8;

interface Written {
  readonly value: number;
  readonly suffix: string;
}

const WRITTEN = /^([+-]?(?:\d+(?:\.\d+)?|\.\d+)) ?([a-zA-Z%]*)$/;

function partsOf(option: string, text: string): Written {
  const [, number, suffix] = WRITTEN.exec(text) ?? [];
  if (number !== undefined) return { value: Number(number), suffix };
  throw new InputError(
    `--${option} is ${text}, expected a number as in a scenario, such as 5M, 2%, 30s or 12`,
  );
}

/** Amounts of money may differ in their suffix; everything else has to be written in one unit. */
function sameUnit(from: Written, to: Written): readonly [Written, Written] {
  if (from.suffix === to.suffix) return [from, to];
  const plain = [from, to].map(({ value, suffix }) =>
    quantities.money.read(suffix === '' ? value : `${value}${suffix}`),
  );
  if (plain.every((value) => typeof value === 'number')) {
    const [a, b] = plain;
    return [
      { value: a, suffix: '' },
      { value: b, suffix: '' },
    ];
  }
  throw new InputError(
    `--from and --to are in ${from.suffix || 'no unit'} and ${to.suffix || 'no unit'}: write both in the same`,
  );
}

function ratio(a: number, b: number): number {
  return Math.max(Math.abs(a / b), Math.abs(b / a));
}

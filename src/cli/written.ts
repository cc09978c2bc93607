import { quantities } from '../index.ts';
import { InputError } from './errors.ts';

type Kind = 'count' | 'duration' | 'money' | 'share';

/** The number that an option says, with the units of scenario files: `60k`, `0.05%`, `4h`. Durations come out in microseconds. */
export function written(kind: Kind, option: string, text: string): number {
  // Text that is a number, which the command line does not tell apart.
  const isNumber = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text);
  const value = quantities[kind].read(isNumber && kind !== 'duration' ? Number(text) : text);
  if (typeof value === 'number') return value;
  throw wrong(option, text, value.expected);
}

/** The same, and more than 0. */
export function positive(kind: Kind, option: string, text: string): number {
  const value = written(kind, option, text);
  if (value > 0) return value;
  throw wrong(option, text, 'more than 0');
}

export function wrong(option: string, text: string, expected: string): InputError {
  return new InputError(`--${option} is ${text === '' ? 'empty' : text}, expected ${expected}`);
}

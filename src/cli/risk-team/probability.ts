import { quantities } from '../../index.ts';
import { InputError } from '../errors.ts';

/** A probability as written: `1%`, `0.05`. */
export function probabilityFrom(option: string, text: string): number {
  const value = quantities.share.read(text);
  if (typeof value === 'number' && value > 0 && value < 1) return value;
  throw new InputError(`--${option} is ${text}, expected a probability above 0 and below 1, such as 1%`);
}

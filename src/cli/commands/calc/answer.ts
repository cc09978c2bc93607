import { AssertionError, CalculatorError } from '../../../index.ts';
import { InputError } from '../../errors.ts';
import { toJson } from '../../json.ts';
import { plainTable } from '../../plain-table.ts';

/** What a calculator found: everything unrounded for programs, and a few lines for people. */
export interface Answer {
  readonly json: object;
  readonly lines: readonly (readonly [name: string, value: string])[];
}

/** Prints an answer. What cannot be answered ends as one line on stderr. */
export function print(json: boolean, answer: () => Answer): void {
  const found = orInputError(answer);
  process.stdout.write(json ? toJson(found.json) : `${table(found.lines)}\n`);
}

function orInputError<Value>(ask: () => Value): Value {
  try {
    return ask();
  } catch (error) {
    if (error instanceof CalculatorError) throw new InputError(error.message, { cause: error });
    if (error instanceof AssertionError && error.name === 'OutOfRange') {
      throw new InputError(`the numbers are too large for so many digits: ${error.message}`, {
        cause: error,
      });
    }
    throw error;
  }
}

function table(lines: Answer['lines']): string {
  return plainTable(['', ''], lines).split('\n').slice(1).join('\n');
}

/** Thrown when an assumption of ours is broken: a bug in the program, never the user's fault. */
export class AssertionError extends Error {
  override name = 'AssertionError';
}

/** Stops the run when `condition` is false. */
export function assert(condition: boolean, message: string): asserts condition {
  if (!condition) throw new AssertionError(message);
}

/** A number has left the range in which whole numbers are exact. */
export class OutOfRange extends AssertionError {
  override name = 'OutOfRange';
}

/** Stops the run when a product or a sum has left the range in which numbers are exact (|x| < 2⁵³). */
export function assertSafe(x: number, what: string): number {
  if (!Number.isSafeInteger(x)) throw new OutOfRange(`${what} is ${x}, outside the exact integers`);
  return x;
}

/** Where in the user's input an error is, and what would be right. */
export interface ScenarioProblem {
  readonly file: string;
  /** 1-based; 0 when the input has no lines (a `--set` on the command line). */
  readonly line: number;
  readonly column: number;
  /** Dotted path of the value, e.g. `exchange.mark.window`; empty for the whole file. */
  readonly path: string;
  /** What was found, as the user wrote it. */
  readonly found: string;
  /** What would have been accepted. */
  readonly expected: string;
  /** What to do about it, when there is something better to say than "write what is expected". */
  readonly hint?: string;
}

/** Thrown for a mistake in the user's input. Carries the place, the value seen and what was expected. */
export class ScenarioError extends Error {
  override name = 'ScenarioError';
  readonly problem: ScenarioProblem;
  constructor(problem: ScenarioProblem) {
    const place = problem.line > 0 ? `${problem.file}:${problem.line}:${problem.column}` : problem.file;
    const path = problem.path === '' ? '' : ` ${problem.path}:`;
    const hint = problem.hint === undefined ? '' : ` ${problem.hint}`;
    super(`${place}${path} found ${problem.found}, expected ${problem.expected}.${hint}`);
    this.problem = problem;
  }
}

interface UnbuildableDetails {
  /** What to do about it. */
  readonly hint?: string;
  /** The last key of the path is itself the fault, not its value. */
  readonly isKey?: boolean;
  /** Words that would have been right, where there is a list of them. */
  readonly known?: readonly string[];
}

/** A scenario that passes every check of its text but cannot be built, for a reason that is the user's to mend. */
export class Unbuildable extends Error {
  override name = 'Unbuildable';
  /** Keys from the top of the scenario to what is wrong. */
  readonly path: readonly string[];
  readonly expected: string;
  readonly more: UnbuildableDetails;
  constructor(path: readonly string[], expected: string, more: UnbuildableDetails = {}) {
    super(`${path.join('.')}: expected ${expected}`);
    this.path = path;
    this.expected = expected;
    this.more = more;
  }
}

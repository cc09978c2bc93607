import { assert } from '../base/check.ts';
import { isReached, type Precision as Reached } from '../metrics/estimates/stopping.ts';
import type { Target } from '../world/scenario-precision.ts';
import type { TaskResult } from './results.ts';

/**
 * How many replicates a cell gets: `atLeast` first, then blocks until every target of `until` holds or `atMost` is reached.
 * A target names an estimate and how narrow its 95 % interval has to be, relatively, absolutely or either.
 */
export interface StoppingRule {
  readonly atLeast: number;
  readonly atMost: number;
  readonly until?: Readonly<Record<string, Target>>;
}

/** How well the estimate `target` is known on these results; infinite widths when it has no bounded interval. */
export type Precision = (target: string, results: readonly TaskResult[]) => Reached;

/**
 * Replicates between two looks at the targets. A constant, so that the number of replicates never depends on the machine;
 * large enough to keep a usual number of cores busy on one cell.
 */
export const BLOCK = 10;

/** The outcome of one cell. */
export interface CellResult {
  /** Index into the cells of the batch. */
  readonly cell: number;
  /** In the order of the replicates, without a gap, beginning with replicate 0. */
  readonly replicates: readonly TaskResult[];
  /** Every target of the stopping rule holds (always true when there is none); false after `atMost` or an interruption. */
  readonly converged: boolean;
  /** How well each target is known, on all replicates that were decided on. Empty before the first look. */
  readonly reached: Readonly<Record<string, Reached>>;
}

/**
 * The stopping rule of one cell at work. What is decided depends on the results of the first `decided` replicates only:
 * not on who computed them, nor on the order in which they came in.
 */
export class CellPlan {
  readonly #cell: number;
  readonly #rule: StoppingRule;
  readonly #precision: Precision;
  readonly #results = new Map<number, TaskResult>();
  #decided: number;
  #given = 0;
  #converged = false;
  #reached: Readonly<Record<string, Reached>> = {};

  constructor(cell: number, rule: StoppingRule, precision: Precision) {
    assert(1 <= rule.atLeast && rule.atLeast <= rule.atMost, `replicates: ${rule.atLeast} to ${rule.atMost}`);
    this.#cell = cell;
    this.#rule = rule;
    this.#precision = precision;
    this.#decided = rule.atLeast;
  }

  /** Replicates known to be needed; may grow with each `record`. */
  get decided(): number {
    return this.#decided;
  }

  /** Replicates handed out so far. */
  get given(): number {
    return this.#given;
  }

  /** Whether a replicate can be handed out now. */
  canGive(): boolean {
    return this.#given < this.#decided;
  }

  /** Hands out the next replicate. */
  give(): number {
    return this.#given++;
  }

  /** Takes a result in; looks at the targets whenever all that was decided on is there. */
  record(result: TaskResult): void {
    this.#results.set(result.task.replicate, result);
    if (this.#results.size === this.#decided) this.#look();
  }

  /** What there is: everything when the plan has ended, the finished beginning when it was interrupted. */
  result(): CellResult {
    return {
      cell: this.#cell,
      replicates: this.#inOrder(),
      converged: this.#converged,
      reached: this.#reached,
    };
  }

  #look(): void {
    const { atMost, until = {} } = this.#rule;
    const results = this.#inOrder();
    const looks = Object.keys(until).map((target) => [target, this.#precision(target, results)] as const);
    this.#reached = Object.fromEntries(looks);
    this.#converged = looks.every(([target, precision]) => isReached(until[target], precision));
    if (!this.#converged) this.#decided = Math.min(this.#decided + BLOCK, atMost);
  }

  #inOrder(): TaskResult[] {
    const results: TaskResult[] = [];
    for (let n = 0; this.#results.has(n); n++) results.push(this.#results.get(n)!);
    return results;
  }
}

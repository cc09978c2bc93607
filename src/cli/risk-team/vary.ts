import { ScenarioError } from '../../index.ts';
import type { Batch, MarginTable } from '../../index.ts';
import { InputError } from '../errors.ts';
import { levelsBetween } from './levels.ts';
import { loadForQuestion } from './question.ts';
import type { QuestionOptions } from './question.ts';
import { sweepOfTiers, TIERS_PATH } from './tier-tables.ts';

export interface VaryOptions extends QuestionOptions {
  readonly vary: string;
  readonly from: string;
  readonly to: string;
  readonly steps: number;
}

/** A scenario with one parameter on levels: the last axis of its sweep. */
export interface Levels {
  readonly batch: Batch;
  /** As written, from `from` to `to`. */
  readonly levels: readonly string[];
  /** Cells of the scenario's own sweep: indices into the cells of the batch, by level. */
  readonly groups: readonly {
    readonly labels: Readonly<Record<string, string>>;
    readonly cells: readonly number[];
  }[];
}

/** Loads the scenario at every level. Both ends and the middle are tried out as any scenario is; what lies between differs in a number only. */
export function loadLevels(options: VaryOptions): Levels {
  if (!Number.isInteger(options.steps) || options.steps < 2 || options.steps > MOST_STEPS)
    throw new InputError(`--steps is ${options.steps}, expected a whole number from 2 to ${MOST_STEPS}`);
  const written = (levels: readonly string[]): string => change(options, levels);
  let whole = false;
  const few = levelsBetween(options, { steps: 2, whole });
  try {
    loadForQuestion(options, [written(few)]);
  } catch (error) {
    if (!(error instanceof ScenarioError) || !few.some((text) => text.includes('.'))) throw error;
    // A count has no halves.
    whole = true;
    loadForQuestion(options, [written(levelsBetween(options, { steps: 2, whole }))]);
  }
  const levels = levelsBetween(options, { steps: options.steps, whole });
  const batch = loadForQuestion(options, [written(levels)], { tryOut: false });
  const { length } = batch.axes;
  const last = batch.axes[length - 1];
  const groups = new Map<string, { labels: Record<string, string>; cells: number[] }>();
  for (const { index, labels } of batch.cells) {
    const { [last.name]: _, ...others } = labels;
    const key = JSON.stringify(others);
    const group = groups.get(key) ?? { labels: others, cells: [] };
    group.cells.push(index);
    groups.set(key, group);
  }
  return { batch, levels, groups: [...groups.values()] };
}

const MOST_STEPS = 1_024;

function change(options: VaryOptions, levels: readonly string[]): string {
  const [, number, field] = /^tiers\.(\d+)\.(\w+)$/.exec(options.vary) ?? [];
  if (number === undefined) return `sweep.${options.vary}=[${levels.join(', ')}]`;
  return sweepOfTiers(
    levels.map((text) => [text, tableWith(options, Number(number) - 1, field, text)] as const),
  );
}

/** What may be varied of a tier, by the field in ccxt's shape; `cap` moves the floor of the next tier along. */
const TIER_FIELDS: Readonly<Record<string, string>> = {
  cap: 'maxNotional',
  leverage: 'maxLeverage',
  maintenance: 'maintenanceMarginRate',
};

function tableWith(options: VaryOptions, at: number, field: string, text: string): object[] {
  const { scenario } = loadForQuestion(options).cells[0];
  const { tiers: table } = scenario.exchange.margin.parameters as { readonly tiers?: MarginTable };
  if (table?.rule !== 'marginal-tiers')
    throw new InputError(`--vary ${options.vary} needs a table of marginal tiers under ${TIERS_PATH}`);
  const { tiers } = table.table;
  const name = TIER_FIELDS[field];
  if (name === undefined || at < 0 || at >= tiers.length)
    throw new InputError(
      `--vary is ${options.vary}, expected tiers.<1 to ${tiers.length}>.<${Object.keys(TIER_FIELDS).join(' or ')}>`,
    );
  // A number without a suffix is no text.
  const value = Number.isNaN(Number(text)) ? text : Number(text);
  // Without `cum`, which follows from the rest.
  return tiers.map(({ floor, cap, maintenanceRate, maxLeverage }, i) => ({
    tier: i + 1,
    minNotional: field === 'cap' && i === at + 1 ? value : floor,
    maxNotional: cap === Infinity ? null : cap,
    maintenanceMarginRate: maintenanceRate,
    maxLeverage,
    ...(i === at && { [name]: value }),
  }));
}

import { share } from '../base/quantities.ts';
import { BOUNDS, type Measured } from './scenario-expectation.ts';

/** How narrow an interval has to become: either of the two is enough. At least one is there. */
export interface Target {
  /** Half-width over the size of the estimate: 0.05 is ± 5 %. */
  readonly relative?: number;
  /** Distance from the estimate to the farther end, in the unit of the estimate; what to ask for where it may be zero. */
  readonly absolute?: number;
}

/**
 * Reads `within 5%`, `within 2bp` or `within 5% or 2bp`. A percentage is of the estimate; anything else is in the
 * estimate's own unit (for a share: percentage points, `1pp`). Undefined when it is none of them.
 */
export function targetFrom(text: string, unit: Measured['unit']): Target | undefined {
  const [, first, second] = /^within\s+(\S+)(?:\s+or\s+(\S+))?$/.exec(text.trim()) ?? [];
  if (first === undefined) return undefined;
  const parts = [first, ...(second === undefined ? [] : [second])].map((part) => partFrom(part, unit));
  const target: Target = Object.assign({}, ...parts.map((part) => part ?? {})) as Target;
  // Twice the same kind would leave one of them out.
  return Object.keys(target).length === parts.length ? target : undefined;
}

/** What `targetFrom` reads for a quantity of this unit, as a phrase. */
export function expectedTarget(unit: Measured['unit']): string {
  return `within so much of the estimate, so much in its own unit, or either: within 5%, within ${EXAMPLES[unit]}, within 5% or ${EXAMPLES[unit]}`;
}

/** `within 5 % or 2 bp`, for reports. */
export function targetInWords({ relative, absolute }: Target, unit: Measured['unit']): string {
  const percent = relative === undefined ? [] : [`${digits(100 * relative)} %`];
  const amount = absolute === undefined ? [] : [amountInWords(absolute, unit)];
  return `within ${[...percent, ...amount].join(' or ')}`;
}

/** `2.3 bp`, `1 pp` for a share. */
export function amountInWords(value: number, unit: Measured['unit']): string {
  return unit === 'share' ? `${digits(100 * value)} pp` : `${digits(value)} ${unit}`;
}

const EXAMPLES = { share: '1pp', bp: '2bp', quote: '100k', count: '3', s: '2s', x: '0.05' } as const;

function partFrom(written: string, unit: Measured['unit']): Target | undefined {
  if (written.endsWith('%')) return positive('relative', share.read(written));
  if (unit !== 'share') return positive('absolute', BOUNDS[unit].read(written));
  const points = /^(.+)pp$/.exec(written)?.[1];
  return points === undefined ? undefined : positive('absolute', share.read(`${points}%`));
}

function positive(kind: keyof Target, value: unknown): Target | undefined {
  return typeof value === 'number' && value > 0 ? { [kind]: value } : undefined;
}

function digits(value: number): string {
  return Number.isFinite(value) ? String(Number(value.toPrecision(3))) : '∞';
}

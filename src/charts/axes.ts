import type { ColumnTable } from '../tables/runs-table.ts';
import { duration, money, share } from '../base/quantities.ts';
import { axesOf } from '../tables/runs-table.ts';

/** The axis of numbers that the others are compared over: the size of the shock, as a rule. */
export interface Dose {
  readonly axis: string;
  /** As written, in ascending order of size. */
  readonly labels: readonly string[];
  readonly sizeOf: (label: string) => number;
}

/** How the axes of a batch are laid out in a chart. */
export interface Layout {
  /** The last axis whose labels are all numbers, if it has at least two. */
  readonly dose?: Dose;
  /** The names of the other axes that vary, for the title of the legend. */
  readonly designTitle: string;
  /** The labels on these axes as one, in the order of the batch; a single empty one when there are none. */
  readonly designs: readonly string[];
  readonly designOf: (row: Readonly<Record<string, unknown>>) => string;
}

/** The layout of a runs or summary table. */
export function layoutOf(table: ColumnTable): Layout {
  const rows = table.objects() as Record<string, string>[];
  const axes = axesOf(table);
  const dose = axes
    .map((axis) => doseOf(axis, [...new Set(rows.map((row) => row[axis]))]))
    .findLast((candidate) => candidate !== undefined);
  const varies = (axis: string): boolean => rows.some((row) => row[axis] !== rows[0][axis]);
  const others = axes.filter((axis) => axis !== dose?.axis && varies(axis));
  const designOf = (row: Readonly<Record<string, unknown>>): string =>
    others.map((axis) => String(row[axis])).join(' · ');
  return {
    ...(dose && { dose }),
    designTitle: others.join(' · '),
    designs: [...new Set(rows.map(designOf))],
    designOf,
  };
}

/** The number that a label stands for: `20M` is 2e7, `5%` is 0.05, `sell-program size=20M` is 2e7; undefined for a name. */
export function numberOf(label: string): number | undefined {
  const written = label.slice(label.lastIndexOf('=') + 1);
  if (written.trim() === '') return undefined;
  if (Number.isFinite(Number(written))) return Number(written);
  return [money, share, duration]
    .map((quantity) => quantity.read(written))
    .find((value) => typeof value === 'number');
}

function doseOf(axis: string, labels: readonly string[]): Dose | undefined {
  const sizes = new Map(labels.map((label) => [label, numberOf(label) ?? NaN]));
  if (labels.length < 2 || [...sizes.values()].some(Number.isNaN)) return undefined;
  const sizeOf = (label: string): number => sizes.get(label)!;
  return { axis, labels: labels.toSorted((a, b) => sizeOf(a) - sizeOf(b)), sizeOf };
}

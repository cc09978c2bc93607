import type { Spread } from './timing.ts';

/** A line of the table of results. */
export interface Row {
  readonly what: string;
  readonly unit: '×' | 'ns' | 'ms' | 'M/s' | 'B' | 'MB';
  readonly measured: Spread;
  /** Numbers to reach; a row without them informs. */
  readonly gate?: number;
  readonly target?: number;
  /** Whether more is better. */
  readonly more: boolean;
}

export function passes({ measured, gate, more }: Row): boolean {
  return gate === undefined || (more ? measured.quiet >= gate : measured.quiet <= gate);
}

function reaches({ measured, target, more }: Row): boolean {
  return target !== undefined && (more ? measured.quiet >= target : measured.quiet <= target);
}

const HEAD = ['what', 'quiet', 'median', 'low … high', 'gate', 'target', ''];

/** The rows as a Markdown table, which reads well as it is. */
export function tableOf(rows: readonly Row[]): string {
  const lines = [HEAD, ...rows.map(cellsOf)];
  const widths = HEAD.map((_, column) => Math.max(...lines.map((line) => line[column].length), 3));
  const text = lines.map((line) => `| ${line.map((cell, i) => cell.padEnd(widths[i])).join(' | ')} |`);
  text.splice(1, 0, `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`);
  return text.join('\n');
}

function cellsOf(row: Row): string[] {
  const { what, unit, measured, gate, target, more } = row;
  const bound = (x: number | undefined) => (x === undefined ? '' : `${more ? '≥' : '≤'} ${x} ${unit}`);
  const verdict = gate === undefined ? '' : !passes(row) ? 'FAIL' : reaches(row) ? 'target' : 'pass';
  const { quiet, median, low, high } = measured;
  return [
    what,
    `${short(quiet)} ${unit}`,
    short(median),
    `${short(low)} … ${short(high)}`,
    bound(gate),
    bound(target),
    verdict,
  ];
}

function short(x: number): string {
  return x >= 100 ? x.toFixed(0) : x >= 10 ? x.toFixed(1) : x.toFixed(2);
}

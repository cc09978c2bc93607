import Table from 'cli-table3';

/** Aligned columns without rules or colours. `widths` wraps the text of a column; 0 leaves it as wide as it is. */
export function plainTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  { right = [], widths = [] }: { right?: readonly string[]; widths?: readonly number[] } = {},
): string {
  const table = new Table({
    head: [...head],
    colAligns: head.map((name) => (right.includes(name) ? 'right' : 'left')),
    colWidths: head.map((_, at) => (widths[at] ? widths[at] : null)),
    wordWrap: true,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
    chars: { ...NO_LINES, middle: '   ' },
  });
  table.push(...rows.map((row) => [...row]));
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}

const LINES = ['top', 'bottom', 'left', 'right', 'mid'];
const CROSSINGS = ['top-mid', 'top-left', 'top-right', 'bottom-mid', 'bottom-left', 'bottom-right'];
const RULES = ['left-mid', 'mid-mid', 'right-mid'];
const NO_LINES = Object.fromEntries([...LINES, ...CROSSINGS, ...RULES].map((line) => [line, '']));

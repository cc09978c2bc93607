/** A name or a value as it is typed. */
export function code(text: string): string {
  return `\`${text}\``;
}

/** A table with its columns in line, as prettier leaves it. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const texts = [head, ...rows].map((row) => row.map(escaped));
  const widths = head.map((_, column) => Math.max(3, ...texts.map((row) => widthOf(row[column]))));
  const line = (row: readonly string[], fill: string): string =>
    `| ${row.map((text, column) => text + fill.repeat(widths[column] - widthOf(text))).join(' | ')} |`;
  const rule = line(
    head.map(() => ''),
    '-',
  );
  const [first, ...others] = texts;
  return [line(first, ' '), rule, ...others.map((row) => line(row, ' '))].join('\n');
}

/** A bar would end the cell; outside of code, a bracket or a star would be read as markup. */
function escaped(text: string): string {
  return text
    .split(/(`[^`]*`)/)
    .map((part) => (part.startsWith('`') ? part : part.replaceAll(/[*_<]/g, '\\$&')))
    .join('')
    .replaceAll('|', '\\|');
}

/** Characters as they stand side by side: an accent that combines takes no room. */
function widthOf(text: string): number {
  return [...text.normalize('NFC').replaceAll(/\p{M}/gu, '')].length;
}

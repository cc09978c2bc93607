import type { ChartInputs } from './chart.ts';

/** One line of the table of genealogies. */
interface Line {
  readonly cell: number;
  readonly part: string;
  readonly place: number;
  readonly how_many: number;
}

/** Over all replicates, by cell: liquidations by generation, or clusters by size. */
export function genealogyCounts(
  { genealogies }: ChartInputs,
  part: 'generation' | 'cluster',
): Map<number, Map<number, number>> {
  const counts = new Map<number, Map<number, number>>();
  for (const line of (genealogies?.objects() ?? []) as Line[]) {
    if (line.part !== part) continue;
    const ofCell = counts.get(line.cell) ?? new Map<number, number>();
    ofCell.set(line.place, (ofCell.get(line.place) ?? 0) + line.how_many);
    counts.set(line.cell, ofCell);
  }
  return counts;
}

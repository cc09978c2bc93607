import { assert } from './check.ts';

/**
 * A table that grows by rows and is kept by columns, all of them numbers.
 *
 * Appending allocates nothing until a doubling is due; columns are handed on without copying.
 */
export class Columns<Name extends string = string> {
  readonly names: readonly Name[];
  private rows = 0;
  private capacity = 32;
  /** cells[i][row]: column i, in the order of `names`. */
  private readonly cells: Float64Array[];

  constructor(names: readonly Name[]) {
    assert(new Set(names).size === names.length, `a column is named twice in ${names.join(', ')}`);
    this.names = [...names];
    this.cells = names.map(() => new Float64Array(this.capacity));
  }

  /** Number of rows. */
  get length(): number {
    return this.rows;
  }

  /** Adds a row: one number per column, in the order of `names`. A hot caller reuses one Float64Array. */
  append(row: ArrayLike<number>): void {
    const { cells, rows } = this;
    if (row.length !== cells.length) assert(false, `a row of ${row.length} for ${cells.length} columns`);
    if (rows === this.capacity) this.grow();
    for (let i = 0; i < cells.length; i++) cells[i][rows] = row[i];
    this.rows = rows + 1;
  }

  /** The rows so far of one column: a view, complete until the next `append`. */
  column(name: Name): Float64Array {
    const index = this.names.indexOf(name);
    assert(index >= 0, `no column "${name}" among ${this.names.join(', ')}`);
    return this.cells[index].subarray(0, this.rows);
  }

  /** All columns by name, as views like `column`. */
  table(): Record<Name, Float64Array> {
    return Object.fromEntries(this.names.map((name) => [name, this.column(name)])) as Record<
      Name,
      Float64Array
    >;
  }

  private grow(): void {
    this.capacity *= 2;
    for (let i = 0; i < this.cells.length; i++) {
      const larger = new Float64Array(this.capacity);
      larger.set(this.cells[i]);
      this.cells[i] = larger;
    }
  }
}

import { expect, test } from 'vitest';
import { AssertionError } from '../../src/base/check.ts';
import { Columns } from '../../src/base/columns.ts';

test('rows come back as columns, over many doublings', () => {
  const columns = new Columns(['time', 'mid']);
  const rows = 10_000;
  const row = new Float64Array(2);
  for (let i = 0; i < rows; i++) {
    row[0] = i;
    row[1] = i % 3 === 0 ? NaN : -i / 2;
    columns.append(row);
  }
  expect(columns.length).toBe(rows);
  expect(columns.column('time')).toEqual(Float64Array.from({ length: rows }, (_, i) => i));
  expect(columns.table()).toEqual({
    time: columns.column('time'),
    mid: Float64Array.from({ length: rows }, (_, i) => (i % 3 === 0 ? NaN : -i / 2)),
  });
});

test('a table without rows has its columns, empty', () => {
  expect(new Columns(['a', 'b']).table()).toEqual({ a: new Float64Array(0), b: new Float64Array(0) });
});

test('columns are views, not copies', () => {
  const columns = new Columns(['a']);
  columns.append([1]);
  expect(columns.column('a').buffer).toBe(columns.column('a').buffer);
});

test('a wrong name, a name given twice and a row of another width are refused', () => {
  const columns = new Columns<string>(['a', 'b']);
  expect(() => columns.column('c')).toThrow('no column "c" among a, b');
  expect(() => columns.append([1])).toThrow(AssertionError);
  expect(() => columns.append([1, 2, 3])).toThrow(AssertionError);
  expect(columns.length).toBe(0);
  expect(() => new Columns(['a', 'a'])).toThrow(AssertionError);
});

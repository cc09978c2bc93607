import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { OutputError } from '../../src/cli/files.ts';
import { Journal, readJournal } from '../../src/cli/journal.ts';
import { resultOf } from './results.ts';

/** Bytes for which there is room on the disk; for those of the next line when it is set. */
let room = Infinity;
vi.mock('node:fs', async (original) => {
  const fs = await original<typeof import('node:fs')>();
  const appendFileSync: typeof fs.appendFileSync = (path, data, options) => {
    const text = String(data);
    fs.appendFileSync(path, text.slice(0, room), options);
    if (text.length > room) throw Object.assign(new Error('no space left'), { code: 'ENOSPC' });
  };
  return { ...fs, appendFileSync };
});

const identity = { version: '1.0.0', scenario: 'abc' };
let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'journal-'));
  path = join(folder, 'deeper', 'replicates.ndjson');
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('the journal', () => {
  test('keeps what was appended, numbers without a JSON form included', () => {
    const result = resultOf({ cell: 1, replicate: 2 }, NaN);
    const journal = Journal.open(path, identity);
    journal.append(result);
    const again = Journal.open(path, identity);
    expect(again.size).toBe(1);
    expect(again.find({ cell: 1, replicate: 2 })).toEqual(result);
    expect(again.find({ cell: 2, replicate: 1 })).toBeUndefined();
  });

  test('takes back what a full disk left of a line, so that the next one is whole', () => {
    const journal = Journal.open(path, identity);
    journal.append(resultOf({ cell: 0, replicate: 0 }));
    room = 40;
    expect(() => journal.append(resultOf({ cell: 0, replicate: 1 }))).toThrow(/the disk is full/);
    room = Infinity;
    journal.append(resultOf({ cell: 0, replicate: 2 }));
    expect(readJournal(path)!.results.map(({ task }) => task.replicate)).toEqual([0, 2]);
  });

  test('drops a last line that was torn by a kill, and goes on after the last whole one', () => {
    const journal = Journal.open(path, identity);
    journal.append(resultOf({ cell: 0, replicate: 0 }));
    const whole = readFileSync(path, 'utf8');
    appendFileSync(path, '{"cell":0,"replicate":1,"rows":[{"ar');

    const again = Journal.open(path, identity);
    expect(again.size).toBe(1);
    expect(readFileSync(path, 'utf8')).toBe(whole);
    again.append(resultOf({ cell: 0, replicate: 1 }));
    expect(readJournal(path)!.results).toHaveLength(2);
  });

  test('begins again when not even the first line is whole', () => {
    Journal.open(path, identity);
    writeFileSync(path, '{"vers');
    const journal = Journal.open(path, identity);
    journal.append(resultOf({ cell: 0, replicate: 0 }));
    expect(readJournal(path)).toMatchObject({ identity });
  });

  test('no longer tells who finished first once it is closed', () => {
    const tasks = [
      { cell: 1, replicate: 0 },
      { cell: 0, replicate: 10 },
      { cell: 0, replicate: 9 },
    ];
    const text = (order: readonly number[], name: string) => {
      const file = join(folder, name);
      const journal = Journal.open(file, identity);
      for (const at of order) journal.append(resultOf(tasks[at]));
      journal.close();
      return readFileSync(file, 'utf8');
    };
    const sorted = text([2, 1, 0], 'a');
    expect(text([0, 1, 2], 'b')).toBe(sorted);
    expect([...sorted.matchAll(/"cell":(\d+),"replicate":(\d+)/g)].map(([, c, r]) => `${c}/${r}`)).toEqual([
      '0/9',
      '0/10',
      '1/0',
    ]);
  });

  test.each([
    ['version', { ...identity, version: '2.0.0' }],
    ['scenario', { ...identity, scenario: 'xyz' }],
  ])('of another %s is refused, with a way out', (key, other) => {
    Journal.open(path, identity);
    expect(() => Journal.open(path, other)).toThrow(new RegExp(`another ${key} .* --out`));
  });

  test('damaged in the middle is refused', () => {
    const journal = Journal.open(path, identity);
    appendFileSync(path, 'garbage\n');
    journal.append(resultOf({ cell: 0, replicate: 0 }));
    expect(() => Journal.open(path, identity)).toThrow(OutputError);
  });

  test('that cannot be written says so', () => {
    const inTheWay = join(folder, 'file');
    writeFileSync(inTheWay, '');
    expect(() => Journal.open(join(inTheWay, 'replicates.ndjson'), identity)).toThrow(
      /is a file, not a folder/,
    );
  });
});

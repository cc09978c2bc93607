import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { OutputError, outputError, writeFileAtomically } from '../../src/cli/files.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'files-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('writeFileAtomically', () => {
  test('makes the folder, replaces the file and leaves nothing else behind', () => {
    const path = join(folder, 'charts', 'a.csv');
    writeFileAtomically(path, 'old');
    writeFileAtomically(path, new TextEncoder().encode('new'));
    expect(readFileSync(path, 'utf8')).toBe('new');
    expect(readdirSync(join(folder, 'charts'))).toEqual(['a.csv']);
  });

  test('leaves the old state and no unfinished file when it fails', () => {
    mkdirSync(join(folder, 'a', 'b'), { recursive: true });
    expect(() => writeFileAtomically(join(folder, 'a'), 'text')).toThrow(OutputError);
    expect(readdirSync(folder)).toEqual(['a']);
    writeFileSync(join(folder, 'file'), '');
    expect(() => writeFileAtomically(join(folder, 'file', 'x'), 'text')).toThrow(
      /cannot write .*not a folder/,
    );
  });

  test('says what to do about a full disk', () => {
    const full = Object.assign(new Error('ENOSPC: no space left'), { code: 'ENOSPC' });
    expect(outputError('write', 'runs.parquet', full).message).toBe(
      'cannot write runs.parquet: the disk is full. Free some space and run again: finished replicates are kept',
    );
  });
});

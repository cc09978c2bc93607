import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { InputError } from '../../src/cli/errors.ts';
import { OutputError } from '../../src/cli/files.ts';
import { readFinishedRun } from '../../src/cli/finished-run.ts';
import { toParquet } from '../../src/index.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'finished-'));
  writeFileSync(join(folder, 'manifest.json'), '{"title":"A title","seed":"7"}');
  writeFileSync(join(folder, 'runs.parquet'), toParquet({ cell: Float64Array.of(0, 0, 1) }));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** A copy of the finished run in which something is not as it should be. */
function spoilt(name: string, spoil: (path: string) => void): string {
  const copy = join(folder, '..', `${folder}-${name}`);
  cpSync(folder, copy, { recursive: true });
  spoil(copy);
  return copy;
}

test('a finished run is read from its manifest and its runs alone', async () => {
  const { runs, ...rest } = await readFinishedRun(folder);
  expect(rest).toEqual({ title: 'A title', seed: '7' });
  expect(runs.numRows()).toBe(3);
});

test.each([
  ['no runs', 'runs.parquet', (path: string) => rmSync(path)],
  ['cut runs', 'runs.parquet', (path: string) => writeFileSync(path, 'PAR1')],
  ['a cut manifest', 'manifest.json', (path: string) => writeFileSync(path, '{"title":"A t')],
])('one with %s is damaged: the error names the file and what to do', async (what, file, spoil) => {
  const copy = spoilt(what, (into) => spoil(join(into, file)));
  const error = await readFinishedRun(copy).catch((thrown: unknown) => thrown);
  rmSync(copy, { recursive: true });
  expect(error).toBeInstanceOf(OutputError);
  expect((error as Error).message).toMatch(new RegExp(`${file} is missing or damaged. Run .* --out`));
});

test('a folder without a manifest, or none, is refused', async () => {
  const copy = spoilt('unfinished', (into) => rmSync(join(into, 'manifest.json')));
  await expect(readFinishedRun(copy)).rejects.toThrow(InputError);
  rmSync(copy, { recursive: true });
  await expect(readFinishedRun(join(folder, 'manifest.json'))).rejects.toThrow('is no folder');
});

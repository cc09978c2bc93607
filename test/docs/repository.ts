import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { loadBatch, VOCABULARY } from '../../src/index.ts';
import type { Batch, Scenario, ScenarioFiles, Vocabulary } from '../../src/index.ts';

export const ROOT = join(import.meta.dirname, '../..');

const DISK: ScenarioFiles = {
  read: (path) => readFileSync(path, 'utf8'),
  resolve: (from, relative) => join(dirname(from), relative),
};

/** A scenario of the repository, by its path from the root. */
export function batchOf(
  file: string,
  set: readonly string[] = [],
  vocabulary: Vocabulary = VOCABULARY,
): Batch {
  return loadBatch(join(ROOT, file), DISK, vocabulary, { set });
}

export function scenarioOf(file: string, set: readonly string[] = [], vocabulary?: Vocabulary): Scenario {
  return batchOf(file, set, vocabulary).cells[0].scenario;
}

/** Runs a program to its end in a folder; its exit code and all it said. */
export function execute(
  program: string,
  args: readonly string[],
  { cwd, path = '' }: { cwd: string; path?: string },
): Promise<{ readonly code: number | null; readonly said: string }> {
  const child = spawn(program, args, { cwd, env: { ...process.env, PATH: `${path}:${process.env.PATH}` } });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (data: Buffer) => (said += data.toString()));
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, said })));
}

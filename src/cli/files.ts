import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** A file of results could not be read or written: a full disk, a folder without permission. Not a bug of ours. */
export class OutputError extends Error {
  override name = 'OutputError';
}

/** Writes a file so that whoever looks sees the old one or the whole new one, never a part. Makes its folder. */
export function writeFileAtomically(path: string, data: string | Uint8Array): void {
  const unfinished = `${path}.${process.pid}.tmp`;
  makeFolder(dirname(path));
  try {
    writeFileSync(unfinished, data, { flush: true });
    renameSync(unfinished, path);
  } catch (error) {
    rmSync(unfinished, { force: true });
    throw outputError('write', path, error);
  }
}

/** Makes a folder and those above it, unless they are there. */
function makeFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true });
  } catch (error) {
    throw outputError('write', path, error);
  }
}

/** `error` of the file system said for people. */
export function outputError(verb: 'read' | 'write', path: string, error: unknown): OutputError {
  const { code, message } = error as NodeJS.ErrnoException;
  const why = WHY[code ?? ''] ?? message;
  return new OutputError(`cannot ${verb} ${path}: ${why}`, { cause: error });
}

const WHY: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full. Free some space and run again: finished replicates are kept',
  EDQUOT: 'your quota is used up. Free some space and run again: finished replicates are kept',
  EACCES: 'permission denied. Choose another folder with --out',
  EPERM: 'permission denied. Choose another folder with --out',
  EROFS: 'the file system is read-only. Choose another folder with --out',
  ENOTDIR: 'a part of the path is a file, not a folder. Choose another folder with --out',
  EEXIST: 'a part of the path is a file, not a folder. Choose another folder with --out',
  ENOENT: 'there is no such file',
};

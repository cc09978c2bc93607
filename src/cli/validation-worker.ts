import { join } from 'node:path';
import { CHECKS, Laboratory } from '../index.ts';
import type { Effort, Finding } from '../index.ts';
import { PACKAGE_ROOT } from './package.ts';
import { DISK } from './scenario.ts';

/** One check, with what it perturbs times `off`. */
export interface CheckTask {
  readonly id: string;
  readonly effort: Effort;
  readonly off: number;
}

export function check({ id, effort, off }: CheckTask): Finding[] {
  const folder = join(PACKAGE_ROOT, 'scenarios');
  return CHECKS.find((one) => one.id === id)!.run(new Laboratory({ folder, files: DISK, effort, off }));
}

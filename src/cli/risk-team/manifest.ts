import type { Batch } from '../../index.ts';
import { VERSION } from '../package.ts';
import { hashOf } from '../scenario.ts';

/** What was asked, and whether to the end; nothing that depends on the time, the machine or the number of workers. */
export function manifestOf({
  batch,
  command,
  interrupted,
}: {
  readonly batch: Batch;
  readonly command: string;
  readonly interrupted: boolean;
}): object {
  return {
    title: batch.title,
    about: batch.about,
    program: `cascade-lab ${VERSION}`,
    command,
    scenario: { sha256: hashOf(batch) },
    seed: batch.cells[0].scenario.seed,
    interrupted,
  };
}

/** `tiers=ours, mark=mid`; empty for a scenario without a sweep. */
export function cellName(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels)
    .map(([axis, label]) => `${axis}=${label}`)
    .join(', ');
}

import { loadBatch } from '../../world/scenario.ts';
import type { Scenario, ScenarioFiles } from '../../world/scenario.ts';
import { World } from '../../world/world.ts';
import type { WorldOptions } from '../../world/world.ts';
import { simulateReplicate } from '../simulate.ts';
import { VOCABULARY } from '../vocabulary.ts';

/** How much is spent: replicates for the tests of the program, for a look of under a minute, for the record. */
export const EFFORTS = ['test', 'quick', 'full'] as const;
export type Effort = (typeof EFFORTS)[number];

export interface LaboratoryOptions {
  /** Folder of the scenarios that ship. */
  readonly folder: string;
  readonly files: ScenarioFiles;
  readonly effort: Effort;
  /** Factor on what each check says it perturbs; 1 for none. */
  readonly off?: number;
}

/** Where checks run the simulator: scenario files by name, and how much to spend. */
export class Laboratory {
  readonly off: number;
  readonly files: ScenarioFiles;
  private readonly options: LaboratoryOptions;

  constructor(options: LaboratoryOptions) {
    this.options = options;
    this.off = options.off ?? 1;
    this.files = options.files;
  }

  /** First cell of a scenario that ships, e.g. `limits/wave.yaml`, with settings as on the command line. */
  scenario(file: string, settings: readonly string[] = []): Scenario {
    return loadBatch(this.path(file), this.files, VOCABULARY, { set: settings }).cells[0].scenario;
  }

  /** Text of a file that ships with the scenarios. */
  read(file: string): string {
    return this.files.read(this.path(file));
  }

  path(file: string): string {
    return this.files.resolve(`${this.options.folder}/scenario.yaml`, file);
  }

  /** Of three numbers, the one for the effort that is asked for. */
  replicates(counts: Readonly<Record<Effort, number>>): number {
    return counts[this.options.effort];
  }
}

/** One run to its end, with everything still open to questions. */
export function runWorld(scenario: Scenario, options: Partial<Omit<WorldOptions, 'scenario'>> = {}): World {
  const world = new World({
    scenario,
    replicate: 0,
    mode: { kind: 'closed' },
    keepPaths: false,
    ...options,
  });
  world.run();
  return world;
}

/** Drawdown with liquidation over drawdown without, in one replicate. */
export function amplificationOf(scenario: Scenario, replicate = 0): number {
  const rows = simulateReplicate(scenario, replicate);
  const drawdown = (arm: string): number => rows.find((row) => row.arm === arm)!.metrics.drawdown;
  return drawdown('closed') / drawdown('off');
}

import { workerData } from 'piscina';
import {
  batchFrom,
  Openings,
  respond,
  simulateCascadeMap,
  simulateDetail,
  simulateParticle,
  simulateReplicate,
  VOCABULARY,
} from '../index.ts';
import type {
  Arm,
  BatchSource,
  CascadeMap,
  RareEvent,
  RunAnswer,
  RunDetail,
  RunRequest,
  RunRow,
  Scenario,
  Stopped,
  Task,
} from '../index.ts';
import { encodeResult } from './result-line.ts';

/** All arms of a replicate. */
export interface SimulatedReplicate {
  /** For `decodeResult`. */
  readonly line: string;
  /** Wall-clock time it took. */
  readonly milliseconds: number;
}

/** What a worker is told once. */
export interface WorkerSource extends BatchSource {
  /** Whether rows of the closed arm carry their `RiskRecord`. */
  readonly keepRisk: boolean;
}

/** One arm of a replicate in detail. */
export interface DetailRequest {
  readonly task: Task;
  readonly arm: Arm;
  /** Whether every event is recorded. */
  readonly events: boolean;
  /** Whether all arms are asked for in short as well. */
  readonly arms: boolean;
  /** progress[0]: thousandths of the work that are done, for whoever shares this memory. */
  readonly progress?: Int32Array<SharedArrayBuffer>;
}

/** One replicate told in full. */
export interface Retold {
  readonly detail: RunDetail;
  /** All arms, if they were asked for. */
  readonly rows: readonly RunRow[];
}

// Consecutive tasks are often the same replicate of neighbouring cells, with the same traders.
const openings = new Openings();
const { keepRisk, ...source } = workerData as WorkerSource;
const { cells } = batchFrom(source, VOCABULARY);

export function simulate(task: Task): SimulatedReplicate {
  const started = performance.now();
  const rows = simulateReplicate(cells[task.cell].scenario, task.replicate, { openings, keepRisk });
  return { line: encodeResult({ task, rows }), milliseconds: performance.now() - started };
}

export function detail({ task, arm, events, arms, progress }: DetailRequest): Retold {
  const { scenario } = cells[task.cell];
  const parts = arms ? 2 : 1;
  const onProgress =
    (before: number) =>
    (share: number): void => {
      if (progress !== undefined) Atomics.store(progress, 0, Math.floor((1_000 * (before + share)) / parts));
    };
  return {
    detail: simulateDetail(scenario, task.replicate, arm, { events, onProgress: onProgress(0) }),
    rows: arms ? simulateReplicate(scenario, task.replicate, { openings, onProgress: onProgress(1) }) : [],
  };
}

export function cascadeMap({ cell, replicate }: Task): CascadeMap {
  return simulateCascadeMap(cells[cell].scenario, replicate, { openings });
}

/** One run of an estimate by splitting. */
export interface ParticleRequest {
  readonly cell: number;
  readonly event: RareEvent;
  readonly request: RunRequest<Stopped>;
}

export function particle({ cell, event, request }: ParticleRequest): RunAnswer<Stopped> {
  return simulateParticle(cells[cell].scenario, request, { event, openings });
}

/** The response of one replicate of the scenario with other settings. */
export interface PointRequest {
  readonly settings: readonly string[];
  readonly replicate: number;
  readonly response: string;
}

export function point({ settings, replicate, response }: PointRequest): number {
  // The replicates of a point are asked for one after the other.
  if (lastPoint?.settings.join() !== settings.join()) {
    const [{ scenario }] = batchFrom(source, VOCABULARY, { set: settings }).cells;
    lastPoint = { settings, scenario };
  }
  return respond(lastPoint.scenario, replicate, { response, openings });
}

let lastPoint: { readonly settings: readonly string[]; readonly scenario: Scenario } | undefined;

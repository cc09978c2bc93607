import type { Money } from '../base/units.ts';
import { SECOND } from '../base/units.ts';
import { quoteFromMoney } from '../market/contract.ts';
import { CAUSES } from '../world/causes.ts';
import type { CauseKind } from '../world/causes.ts';
import type { Market } from '../world/market.ts';
import type { World } from '../world/world.ts';

/** Who set whom off in one run, in few numbers; counted from the beginning of the measurement on, over all contracts. */
export interface Genealogy {
  /** liquidations[g]: those of generation g + 1. */
  readonly liquidations: readonly number[];
  /** notional[g]: what the orders of that generation traded in the book, quote currency. */
  readonly notional: readonly number[];
  /** [size, how many]: clusters of that many liquidations, a root with all that descend from it, the smallest first. */
  readonly clusters: readonly (readonly [size: number, count: number])[];
  /** How many liquidations each cause broke. */
  readonly causes: Readonly<Partial<Record<CauseKind, number>>>;
}

export function genealogyOf(world: World): Genealogy {
  const liquidations: number[] = [];
  const notional: number[] = [];
  const clusters = new Map<number, number>();
  const causes: Partial<Record<CauseKind, number>> = {};
  for (const market of world.markets) {
    const tree = treeOf(market);
    tree.generation.forEach((generation, i) => {
      liquidations[generation - 1] = (liquidations[generation - 1] ?? 0) + 1;
      notional[generation - 1] =
        (notional[generation - 1] ?? 0) + quoteFromMoney(market.contract, tree.forced[i]);
      causes[tree.cause[i]] = (causes[tree.cause[i]] ?? 0) + 1;
    });
    for (const size of tree.clusterSizes) clusters.set(size, (clusters.get(size) ?? 0) + 1);
  }
  return { liquidations, notional, clusters: [...clusters].sort(([a], [b]) => a - b), causes };
}

/** Liquidations that another one set off: all but the first generation. */
export function setOff({ liquidations }: Genealogy): number {
  return liquidations.slice(1).reduce((sum, count) => sum + count, 0);
}

/** The liquidations of one contract since the measurement began; whoever descends from one before it is a root. */
function treeOf({ recorder }: Market): {
  readonly generation: number[];
  readonly forced: Money[];
  readonly cause: CauseKind[];
  readonly clusterSizes: number[];
} {
  const lines = recorder.liquidationLines.table();
  const since = recorder.baseline!.time / SECOND;
  const first = lines.time_s.findIndex((time) => time >= since);
  const begin = first < 0 ? lines.time_s.length : first;
  const generation: number[] = [];
  const root: number[] = [];
  const clusterSizes: number[] = [];
  lines.parent.subarray(begin).forEach((parent) => {
    const isRoot = !(parent >= begin);
    generation.push(isRoot ? 1 : generation[parent - begin] + 1);
    root.push(isRoot ? clusterSizes.push(0) - 1 : root[parent - begin]);
    clusterSizes[root.at(-1)!]++;
  });
  return {
    generation,
    clusterSizes,
    forced: [...lines.forced_notional.subarray(begin)],
    cause: Array.from(lines.cause.subarray(begin), (kind) => CAUSES[kind]),
  };
}

import type { World } from '../../src/world/world.ts';

/** What happened in a world: worlds are too large to be kept by the hundred. */
export function happenedIn({ markets, contagion }: World): string[] {
  const any = (holds: (of: World['recorder']) => boolean): boolean =>
    markets.some(({ recorder }) => holds(recorder));
  const matrix = contagion.matrix();
  return Object.entries({
    liquidation: any(({ liquidations }) => liquidations > 0),
    adl: any(({ adlValue }) => adlValue > 0),
    socialised: any(({ socialisedLoss }) => socialisedLoss > 0),
    fund: any(({ fundOut }) => fundOut > 0),
    halt: any(({ halts }) => halts > 0),
    contagion: matrix.some((row, i) => row.some((k, j) => i !== j && k > 0)),
  }).flatMap(([what, holds]) => (holds ? [what] : []));
}

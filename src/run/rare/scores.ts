import type { World } from '../../world/world.ts';

/** A number of a run that never falls while it goes on. */
export interface Score {
  readonly name: string;
  readonly about: string;
  /** The score that is the event, unless another is asked for. */
  readonly target?: number;
  of(world: World): number;
}

/** In the order in which they are listed. */
export const SCORES: readonly Score[] = [
  {
    name: 'fund-drawdown',
    about:
      'largest share of its equity that the insurance fund has lost since the shock; 1 with the first ADL or socialised loss: ruin',
    target: 1,
    of({ markets }) {
      const recorders = markets.map(({ recorder }) => recorder);
      if (recorders.some(({ baseline }) => baseline === undefined)) return 0;
      if (recorders.some((one) => one.adlValue > 0 || one.socialisedLoss > 0)) return 1;
      // Every contract has its own marks, and so its own view of the one fund: each is compared with itself.
      const lost = recorders.map(({ baseline, fundMinimum }) =>
        baseline!.fundEquity > 0 ? 1 - fundMinimum / baseline!.fundEquity : 1,
      );
      return Math.max(0, ...lost);
    },
  },
  {
    name: 'liquidations',
    about: 'accounts on which a liquidation has begun since the shock',
    of: ({ markets }) => markets.reduce((sum, { recorder }) => sum + recorder.liquidations, 0),
  },
  {
    name: 'drawdown',
    about: 'largest fall of the local mid below its level when the shock begins, in bp',
    of({ recorder: { baseline, lowestMid } }) {
      return baseline === undefined ? 0 : Math.max(0, (1 - lowestMid / baseline.mid) * 10_000);
    },
  },
];

/** The score of that name; undefined when there is none. */
export function findScore(name: string): Score | undefined {
  return SCORES.find((score) => score.name === name);
}

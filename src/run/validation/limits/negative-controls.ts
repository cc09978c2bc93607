import { simulateReplicate } from '../../simulate.ts';
import { exactly } from '../check.ts';
import type { Check, Finding } from '../check.ts';
import type { Laboratory } from '../laboratory.ts';
import { ALONE, mark } from '../static-market.ts';

/** What the mark must not have in these markets; a perturbation gives it 3 %, whichever way it goes. */
const localWeight = ({ off }: Laboratory): string => Math.abs(off - 1).toFixed(2);

const SAME_ARMS = [
  ['no leverage, in a living market', 'limits/no-leverage.yaml', () => []],
  ['no leverage, in a static book', 'limits/static-market.yaml', () => []],
  [
    'an index mark and a local shock',
    'limits/index-mark.yaml',
    (lab: Laboratory) =>
      lab.off === 1 ? [] : [mark('blend', `, local: last, localWeight: ${localWeight(lab)}`)],
  ],
  [
    'a blend without local weight and a local shock',
    'limits/blend.yaml',
    (lab: Laboratory) => [`exchange.mark.localWeight=${localWeight(lab)}`, ...ALONE],
  ],
] as const;

export const negativeControls: Check = {
  id: 'limit-13',
  group: 'controls',
  title: 'Where liquidation cannot amplify',
  theory:
    'no leverage, an index mark under a local shock, endless depth: A = 1; the same arm twice: the same to the last event',
  perturbs: 'local weight of the index mark and of the blend, which becomes 3 %',
  run: (lab) => [
    ...SAME_ARMS.flatMap(([what, file, settings]) => sameArms(what, lab, file, settings(lab))),
    ...endlessDepth(lab),
    twice(lab),
  ],
};

function sameArms(what: string, lab: Laboratory, file: string, settings: readonly string[]): Finding[] {
  const arms = simulateReplicate(lab.scenario(file, settings), 0);
  const [off, , closed] = arms;
  return [
    exactly(`amplification: ${what}`, 1, closed.metrics.drawdown / off.metrics.drawdown),
    exactly(
      `different fingerprints of the three arms: ${what}`,
      1,
      new Set(arms.map(({ fingerprint }) => fingerprint)).size,
    ),
    exactly(`the shock is felt (1: yes): ${what}`, 1, Number(off.metrics.drawdown > 5)),
  ];
}

function endlessDepth(lab: Laboratory): Finding[] {
  const [off, , closed] = simulateReplicate(lab.scenario('limits/endless-depth.yaml'), 0);
  return [
    exactly('accounts liquidated: endless depth', 1_000, closed.metrics.liquidated_accounts),
    exactly('amplification: endless depth', 1, closed.metrics.drawdown / off.metrics.drawdown),
  ];
}

function twice(lab: Laboratory): Finding {
  const scenario = lab.scenario('limits/busy-period.yaml');
  const runs = [1, 2].map(() =>
    simulateReplicate(scenario, 3)
      .map(({ fingerprint }) => fingerprint)
      .join(),
  );
  return exactly('different runs of the same arms, replicate and seed', 1, new Set(runs).size);
}

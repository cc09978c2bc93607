import { variant } from '../../base/parameters.ts';
import type { Micros } from '../../base/units.ts';
import type { KeeperParts, Keepers } from './keepers.ts';

/**
 * The exchange's own engine: as many steps as there are accounts, each one latency after the mark or the step before it, or when
 * the policy wants it, if it names a time.
 */
export const engine = variant({
  name: 'engine',
  about: "The exchange's own engine, always there, with room for everybody.",
  parameters: {},
  create(_: unknown, { latency }: KeeperParts): Keepers {
    let back: Micros = 0;
    return {
      claim: ({ now, notBefore }) =>
        back > now
          ? { kind: 'refused', until: back }
          : { kind: 'acts', keeper: 0, at: notBefore > now ? notBefore : now + latency },
      fail: (_share, until) => (back = Math.max(back, until)),
    };
  },
});

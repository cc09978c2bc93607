import { money, variant } from '../base/parameters.ts';
import type { Shock, ShockParts } from './shock.ts';

/** The owner of the venue pays into the insurance fund. (Deribit added 500 BTC in March 2020.) It counts as no gain of the fund. */
export const fundTopUp = variant({
  name: 'fund-top-up',
  about: 'Somebody from outside pays into the insurance fund.',
  parameters: { amount: money({ above: 0, about: 'how much' }) },
  create: ({ amount }, _parts: ShockParts): Shock => ({
    needsExchange: true,
    start(at, targets) {
      if (!targets.hasFund) targets.refuse('kind', 'a shock of something that is there: a pool has no fund');
      targets.at(at, () => targets.topUpFund(amount));
    },
  }),
});

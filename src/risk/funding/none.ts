import { variant } from '../../base/parameters.ts';
import type { FundingParts, FundingRule } from './funding-rule.ts';

export const none = variant({
  name: 'none',
  about: 'No funding.',
  parameters: {},
  create: (_parameters, _parts: FundingParts): FundingRule => ({
    interval: Infinity,
    sampleEvery: Infinity,
    notional: 'mark',
    split: 'alike',
    sample: () => undefined,
    settle: () => 0,
  }),
});

import { variant } from '../../base/parameters.ts';
import type { HaltRule } from './halt-rule.ts';

/** No crypto venue of the presets halts a perpetual by a published rule; outages do it for them (see the shock trading-halt). */
export const noHalts = variant({
  name: 'no-halts',
  about: 'Trading never halts by itself.',
  parameters: {},
  create: (): HaltRule => ({}),
});

import { variant } from '../../base/parameters.ts';
import type { MarkDesign, MarkParts } from './mark-design.ts';

/** The index, whatever the local book does (dYdX and GMX in kind). Liquidation orders may have to clear far from it. */
export const indexOnly = variant({
  name: 'index-only',
  about: 'The index of outside venues; the local book has no part in it.',
  parameters: {},
  create: (_parameters, _parts: MarkParts): MarkDesign => ({ price: (inputs) => inputs.index }),
});

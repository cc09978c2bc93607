import type { Check } from './check.ts';
import { coverageOfTheLaw } from './intervals/law.ts';
import { coverageOfRuns, coverageOfScenario } from './intervals/pools.ts';
import { coverageOfRuin } from './intervals/ruin.ts';
import { impact } from './facts/impact.ts';
import { stylisedFacts } from './facts/stylised-facts.ts';
import { blend } from './limits/blend.ts';
import { busyPeriod, busyPeriodClusters, busyPeriodOfSizes } from './limits/busy-period.ts';
import { clamp } from './limits/clamp.ts';
import { conservation } from './limits/conservation.ts';
import { deleveraging } from './limits/deleveraging.ts';
import { finiteMap } from './limits/finite-map.ts';
import { fundingAnchor } from './limits/funding-anchor.ts';
import { hawkesFlow } from './limits/hawkes-flow.ts';
import { isolatedMargin } from './limits/isolated-margin.ts';
import { marketOrder } from './limits/market-order.ts';
import { negativeControls } from './limits/negative-controls.ts';
import { poissonBook } from './limits/poisson-book.ts';
import { resilience } from './limits/resilience.ts';
import { waves } from './limits/waves.ts';
import { avellanedaStoikov } from './literature/avellaneda-stoikov.ts';
import { queueRace } from './literature/queue-race.ts';
import { santaFe, santaFeFit } from './literature/santa-fe.ts';
import { workedNumbers } from './worked-numbers.ts';

/** Everything that `cascade validate` runs, in the order of its report. */
export const CHECKS: readonly Check[] = [
  marketOrder,
  waves,
  finiteMap,
  blend,
  clamp,
  resilience,
  busyPeriod,
  busyPeriodClusters,
  busyPeriodOfSizes,
  isolatedMargin,
  fundingAnchor,
  conservation,
  deleveraging,
  poissonBook,
  hawkesFlow,
  negativeControls,
  queueRace,
  avellanedaStoikov,
  santaFe,
  coverageOfTheLaw,
  coverageOfRuin,
  coverageOfRuns,
  coverageOfScenario,
  workedNumbers,
  stylisedFacts,
  impact,
  santaFeFit,
];

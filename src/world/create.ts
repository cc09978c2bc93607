import type { MarginParts, MarginSchedule } from '../accounts/margin.ts';
import type { AgentParts, Population } from '../agents/agent.ts';
import type { AnyVariant } from '../base/parameters.ts';
import type { Trading, TradingParts } from '../market/trading/trading.ts';
import type { FundamentalParts, FundamentalProcess } from '../prices/fundamental/fundamental-process.ts';
import type { IndexRule } from '../prices/index/index-rule.ts';
import type { PriceLimitParts, PriceLimits } from '../prices/limits/price-limits.ts';
import type { MarkDesign, MarkParts } from '../prices/mark/mark-design.ts';
import type { AdlParts, AdlRanking } from '../risk/adl/adl-ranking.ts';
import type { HaltRule } from '../risk/halts/halt-rule.ts';
import type { FundingParts, FundingRule } from '../risk/funding/funding-rule.ts';
import type { KeeperParts, Keepers } from '../risk/keepers/keepers.ts';
import type { LiquidationPolicy, LiquidationPolicyParts } from '../risk/liquidation/liquidation-policy.ts';
import type { AdlTrigger, TriggerParts } from '../risk/triggers/adl-trigger.ts';
import type { Shock, ShockParts } from '../shocks/shock.ts';
import type { Vocabulary } from './scenario.ts';

/** All variants by kind, as a scenario may name them: the standard ones are `catalogue`. */
export type Variants = Omit<Vocabulary, 'metrics' | 'tryOut'>;

/** A variant that is built from these parts, its own parameters unknown to whoever builds it. */
interface Buildable<Parts, Made> extends AnyVariant {
  create(parameters: unknown, parts: Parts): Made;
}

/**
 * From a name and checked parameters to the thing itself. The one place where a variant's parameter type is forgotten:
 * the scenario check has verified them against the very schema the variant declares.
 */
function builder<Parts, Made, Key extends string>(variants: Readonly<Record<string, AnyVariant>>, key: Key) {
  return (chosen: { readonly [K in Key]: string } & { readonly parameters: unknown }, parts: Parts): Made =>
    (variants[chosen[key]] as Buildable<Parts, Made>).create(chosen.parameters, parts);
}

/** Makes the parts of a run from what a scenario chose among these variants. */
export function creatorFrom(variants: Variants) {
  return {
    fundamental: builder<FundamentalParts, FundamentalProcess, 'process'>(variants.fundamental, 'process'),
    index: builder<undefined, IndexRule, 'rule'>(variants.index, 'rule'),
    trading: builder<TradingParts, Trading, 'venue'>(variants.trading, 'venue'),
    mark: builder<MarkParts, MarkDesign, 'design'>(variants.mark, 'design'),
    margin: builder<MarginParts, MarginSchedule, 'rule'>(variants.margin, 'rule'),
    liquidation: builder<LiquidationPolicyParts, LiquidationPolicy, 'policy'>(variants.liquidation, 'policy'),
    adl: builder<AdlParts, AdlRanking, 'ranking'>(variants.adl, 'ranking'),
    waterfall: builder<TriggerParts, AdlTrigger, 'trigger'>(variants.waterfall, 'trigger'),
    keepers: builder<KeeperParts, Keepers, 'kind'>(variants.keepers, 'kind'),
    funding: builder<FundingParts, FundingRule, 'rule'>(variants.funding, 'rule'),
    priceLimits: builder<PriceLimitParts, PriceLimits, 'rule'>(variants.priceLimits, 'rule'),
    halts: builder<undefined, HaltRule, 'rule'>(variants.halts, 'rule'),
    agent: builder<AgentParts, Population, 'kind'>(variants.agents, 'kind'),
    shock: builder<ShockParts, Shock, 'kind'>(variants.shocks, 'kind'),
  };
}

export type Creator = ReturnType<typeof creatorFrom>;

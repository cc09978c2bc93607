import { checkedTiers, checkTier, linearBook, squareRootImpact } from '../../accounts/tier-check.ts';
import type { CheckedTier, ImpactLaw, TierCheck } from '../../accounts/tier-check.ts';
import type { MarginTable } from '../../accounts/margin-table.ts';
import type { Scenario } from '../../world/scenario.ts';

/** What square-root impact needs to be told; nothing in a scenario says it. */
export interface ImpactFigures {
  /** Traded in a day, quote currency. */
  readonly volume: number;
  /** Of a day, a fraction. */
  readonly volatility: number;
  /** Y. */
  readonly factor: number;
}

/** The closed form of one tier under each law. */
export interface CheckedTierRow extends CheckedTier {
  readonly tier: number;
  /** As multiples of the entry price, at the largest position of the tier. */
  readonly bankruptcy: number;
  readonly liquidation: number;
  /** Largest position without loss to the fund: with the book as it was before the shock, as it was at its thinnest, and by impact. */
  readonly before: TierCheck;
  readonly thinnest: TierCheck;
  readonly squareRoot?: TierCheck;
}

/**
 * The tiers of the scenario's first contract, each checked by itself; undefined where the margin rule has no tiers or the contract is
 * inverse. `depthBefore` and `depthMinimum` are notional of the bids within 1 % of the mid.
 */
export function tierCheckRows(
  { contract, exchange }: Pick<Scenario, 'contract' | 'exchange'>,
  depth: { readonly depthBefore: number; readonly depthMinimum: number },
  impact?: ImpactFigures,
): readonly CheckedTierRow[] | undefined {
  const { tiers: table } = exchange.margin.parameters as { readonly tiers?: MarginTable };
  const tiers =
    table === undefined || contract.kind === 'inverse' ? undefined : checkedTiers(table, contract.price);
  if (tiers === undefined) return undefined;
  // Bids within 1 % are a hundredth of what evenly spread ones would have in 100 %.
  const book = (within: number): ImpactLaw => linearBook({ depth: 100 * within, at: 1 });
  return tiers.map((tier, i) => {
    const before = checkTier(tier, book(depth.depthBefore));
    return {
      ...tier,
      tier: i,
      bankruptcy: before.bankruptcy,
      liquidation: before.liquidation,
      before,
      thinnest: checkTier(tier, book(depth.depthMinimum)),
      ...(impact && { squareRoot: checkTier(tier, squareRootImpact(impact)) }),
    };
  });
}

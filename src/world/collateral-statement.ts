import type { CollateralAsset } from '../accounts/collateral-asset.ts';
import type { CrossMargin } from '../accounts/cross-margin.ts';
import type { AccountId } from '../accounts/ledger.ts';
import type { Money, Ticks } from '../base/units.ts';

/**
 * What falling collateral has done in a run. An account counts as broken by it when its margin would have held at the prices that
 * the assets had when the measurement began, the marks being as they are.
 */
export class CollateralStatement {
  /** Accounts that it broke, each time that it did. */
  liquidations = 0;
  /** Forced notional of those accounts. */
  forced: Money = 0;
  /** Worth at the index of what was seized. */
  seized: Money = 0;
  /** Largest fall of the first asset's index since the beginning, a share. */
  fall = 0;
  private readonly assets: readonly CollateralAsset[];
  private readonly startPrices: Ticks[];
  private readonly broken = new Set<AccountId>();

  constructor(assets: readonly CollateralAsset[]) {
    this.assets = assets;
    this.startPrices = assets.map(({ price }) => price);
  }

  /** The measurement begins: what was counted so far is forgotten. */
  begin(): void {
    this.liquidations = 0;
    this.forced = 0;
    this.seized = 0;
    this.assets.forEach(({ price }, i) => (this.startPrices[i] = price));
    this.fall = 0;
  }

  onPrice(): void {
    this.fall = Math.max(this.fall, 1 - this.assets[0].price / this.startPrices[0]);
  }

  /** The margin of an account has given out. */
  broke(account: AccountId, crossMargin: CrossMargin): void {
    const lost = this.assets.reduce(
      (sum, asset, i) =>
        sum + asset.valueOf(asset.units(account), this.startPrices[i]) - asset.value(account),
      0,
    );
    if (crossMargin.slack(account) + lost <= 0) this.broken.delete(account);
    else {
      this.broken.add(account);
      this.liquidations++;
    }
  }

  forcedTrade(account: AccountId, notional: Money): void {
    if (this.broken.has(account)) this.forced += notional;
  }
}

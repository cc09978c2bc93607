import type { AccountId } from './ledger.ts';
import type { CollateralAsset } from './collateral-asset.ts';

/** All assets that an exchange takes besides its money, in the order in which they are seized. */
export class Collateral {
  readonly assets: readonly CollateralAsset[];

  constructor(assets: readonly CollateralAsset[]) {
    this.assets = assets;
  }

  /** Makes good what a flat account owes, as far as it holds anything, and takes no more than that needs. */
  repay(account: AccountId): void {
    for (const asset of this.assets) asset.repay(account);
  }

  /** Turns all that a forfeited account holds into money. */
  seizeAll(account: AccountId): void {
    for (const asset of this.assets) asset.seize(account, asset.units(account));
  }
}

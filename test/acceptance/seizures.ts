import { OUTSIDE } from '../../src/accounts/ledger.ts';
import type { World } from '../../src/world/world.ts';

/**
 * Looks after every event whether what was seized has left its owners: the money that was paid for it must be the worth at the index
 * of the units that went outside, but for a unit of money that each account's rounding takes.
 */
export class Seizures {
  private readonly world: World;
  /** units[asset]: outside after the event before. */
  private readonly units: number[];
  private seized = 0;

  constructor(world: World) {
    this.world = world;
    this.units = world.collateral.map(({ asset }) => asset.units(OUTSIDE));
  }

  look(): void {
    const { collateral, collateralStatement, exchange } = this.world;
    if (collateralStatement === undefined) return;
    // The beginning of the measurement forgets what was seized before it.
    const paid = collateralStatement.seized - Math.min(this.seized, collateralStatement.seized);
    this.seized = collateralStatement.seized;
    let worth = 0;
    collateral.forEach(({ asset }, i) => {
      const now = asset.units(OUTSIDE);
      if (now !== this.units[i]) worth += asset.worthOf(now - this.units[i]);
      this.units[i] = now;
    });
    const roundings = exchange.accounts.size * collateral.length;
    if (Math.abs(paid - worth) > (paid === 0 ? 0 : roundings))
      throw new Error(
        `${this.world.kernel.now} µs: ${paid} was paid for collateral, and what left its owners is worth ${worth}`,
      );
  }
}

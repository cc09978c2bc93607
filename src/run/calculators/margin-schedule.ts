import type { MarginTable } from '../../accounts/margin-table.ts';
import { withFeeToClose } from '../../accounts/margin.ts';
import type { MarginSchedule } from '../../accounts/margin.ts';
import type { Ticks } from '../../base/units.ts';
import type { Contract } from '../../market/contract.ts';
import { catalogue } from '../../world/catalogue.ts';
import { creatorFrom } from '../../world/create.ts';
import type { Venue } from '../../world/venue.ts';
import { CalculatorError } from './calculator-error.ts';

/** The schedule of a table, or of the venue's own margin rule when there is none. */
export function scheduleOf(
  { exchange }: Pick<Venue, 'exchange'>,
  table: MarginTable | undefined,
  contract: Contract,
  price: Ticks,
): MarginSchedule {
  if (table !== undefined) return scheduleFrom(table, contract, price);
  const { margin } = exchange;
  const schedule = creatorFrom(catalogue).margin(margin, {
    contract,
    startPrice: price,
    refuse: (parameter, expected) => {
      throw new CalculatorError(`exchange.margin.${parameter}: expected ${expected}`);
    },
  });
  return margin.feeToClose ? withFeeToClose(schedule) : schedule;
}

/** The schedule that the margin rule of a table makes. `price` is where sizes in value become sizes in lots. */
export function scheduleFrom(table: MarginTable, contract: Contract, price: Ticks): MarginSchedule {
  return creatorFrom(catalogue).margin(
    { rule: table.rule, parameters: parametersOf(table, contract) },
    {
      contract,
      startPrice: price,
      refuse: (parameter, expected) => {
        throw new CalculatorError(`${table.symbol}: ${parameter} has to be ${expected}`);
      },
    },
  );
}

/** What a scenario would write for this table, checked. */
function parametersOf(table: MarginTable, { isInverse }: Contract): object {
  switch (table.rule) {
    case 'marginal-tiers':
      return { tiers: table };
    case 'whole-position-tiers':
      return { tiers: table, amounts: isInverse ? 'asset' : 'quote' };
    case 'linear-in-size':
      return {
        initial: table.baseInitialMargin,
        maintenance: table.baseMaintenanceMargin,
        slope: table.slopePerCoin,
      };
    case 'oi-scaled':
      return {
        initial: table.initialMarginFraction,
        maintenance: table.initialMarginFraction * table.maintenanceFraction,
        from: table.openInterestLowerCap,
        to: table.openInterestUpperCap,
      };
    case 'oi-factor':
      return {
        minimum: table.minCollateralFactor,
        multiplier: table.openInterestMultiplier,
        maintenance: table.minCollateralFactorForLiquidation,
        closingFee: 0, // asked for besides, as `feeToClose`
      };
    case 'two-thresholds':
    case 'fragment':
      throw new CalculatorError(
        `${table.symbol} is a table of ${table.rule}, which has no maintenance margin`,
      );
  }
}

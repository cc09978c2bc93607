import { PPM } from '../base/units.ts';
import type { Money, Ppm } from '../base/units.ts';
import type { Contract } from '../market/contract.ts';
import { RATE_MAX } from './margin.ts';
import type { MarginSchedule, SizedPosition } from './margin.ts';

/**
 * A schedule that the venue may change in mid-run: whoever holds it sees the rates of now. Whatever was worked out from it before
 * (liquidation prices) has to be worked out anew.
 */
export class ChangeableSchedule implements MarginSchedule {
  readonly contract: Contract;
  readonly bySize: boolean;
  readonly cap: readonly number[];
  rate: readonly Ppm[];
  deduction: readonly Money[];
  ratePerLot: number;
  private published: MarginSchedule;

  constructor(published: MarginSchedule) {
    this.contract = published.contract;
    this.bySize = published.bySize;
    this.cap = published.cap;
    this.rate = published.rate;
    this.deduction = published.deduction;
    this.ratePerLot = published.ratePerLot;
    this.published = published;
  }

  maxLeverage(position: SizedPosition): number {
    return this.published.maxLeverage(position);
  }

  /** Takes over the rates of another schedule with the same tiers. */
  change(published: MarginSchedule): void {
    this.rate = published.rate;
    this.deduction = published.deduction;
    this.ratePerLot = published.ratePerLot;
    this.published = published;
  }
}

/** Factors on the maintenance rates and on the largest leverage of every tier. */
export interface MarginFactors {
  readonly maintenance: number;
  readonly leverage: number;
}

/**
 * The same tiers at other rates. Rates stay whole ppm and below the largest one allowed; deductions are worked out anew, so that the
 * margin stays continuous from tier to tier.
 */
export function scaledSchedule(
  schedule: MarginSchedule,
  { maintenance, leverage }: MarginFactors,
): MarginSchedule {
  const rate = schedule.rate.map((of) => Math.min(Math.round(of * maintenance), Math.max(of, RATE_MAX)));
  return {
    ...schedule,
    rate,
    deduction: schedule.bySize ? schedule.deduction : deductionsOf(schedule, rate, maintenance),
    ratePerLot: schedule.ratePerLot * maintenance,
    maxLeverage: (position) => schedule.maxLeverage(position) * leverage,
  };
}

function deductionsOf({ cap, deduction }: MarginSchedule, rate: readonly Ppm[], factor: number): Money[] {
  const deductions = [Math.round(deduction[0] * factor)];
  for (let k = 1; k < rate.length; k++)
    deductions.push(deductions[k - 1] + Math.round((cap[k - 1] * (rate[k] - rate[k - 1])) / PPM));
  return deductions;
}

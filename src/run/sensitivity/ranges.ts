import { exp, ln } from '../../base/pinned-math.ts';

/** A parameter of a scenario and the values it may take. */
export interface Range {
  /** Dotted path in the scenario. */
  readonly path: string;
  readonly low: number;
  readonly high: number;
  /** Written behind the number: `M`, `ms`, `%`; may be empty. */
  readonly unit: string;
  /** Whether equal shares of the range are equal ratios. */
  readonly isLog: boolean;
  /** Whether only whole numbers will do. */
  readonly isWhole: boolean;
}

/** What a range looks like, for messages. */
export const RANGE_FORM =
  'path=low..high with the same unit twice, then :log and :whole as needed, e.g. exchange.mark.every=0.1s..3s:log';

/** Reads `path=low..high[:log][:whole]`; undefined when it is none. */
export function rangeFrom(text: string): Range | undefined {
  const parts = /^([\w.-]+)=(-?[\d.]+)([a-zA-Z%]*)\.\.(-?\d[\d.]*)([a-zA-Z%]*)((?::(?:log|whole))*)$/.exec(
    text,
  );
  if (parts === null) return undefined;
  const [, path, from, unitFrom, to, unit, flags] = parts;
  const [low, high] = [Number(from), Number(to)];
  const isLog = flags.includes(':log');
  const isWhole = flags.includes(':whole');
  const isSound = low < high && (unitFrom === '' || unitFrom === unit) && (!isLog || low > 0);
  return isSound ? { path, low, high, unit, isLog, isWhole } : undefined;
}

/** The setting `path=value` at a share of the range. Six digits, so that what is run can be written down. */
export function settingAt({ path, low, high, unit, isLog, isWhole }: Range, share: number): string {
  const value = isLog ? low * exp(share * ln(high / low)) : low + share * (high - low);
  return `${path}=${isWhole ? Math.round(value) : Number(value.toPrecision(6))}${unit}`;
}

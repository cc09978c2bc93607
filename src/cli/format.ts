/** Quote currency: `12_345_678` → `12.3M`, three digits that count and the suffixes of scenario files; `<1` for crumbs. */
export function money(value: number): string {
  if (value > 0 && value < 1) return '<1';
  const size = Number(Math.abs(value).toPrecision(3));
  const [scale, suffix] = SCALES.find(([limit]) => size >= limit && size < Infinity) ?? [1, ''];
  return `${threeDigits(value / scale)}${suffix}`;
}

const SCALES = [
  [1e9, 'B'],
  [1e6, 'M'],
  [1e3, 'k'],
] as const;

/** `0.01234` → `0.0123`, `1.5` → `1.5`, `123.4` → `123`; `–` for what is not defined, `∞` for no bound. */
export function threeDigits(value: number): string {
  if (Number.isNaN(value)) return '–';
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '−∞';
  const text = Math.abs(value) >= 100 ? value.toFixed(0) : String(Number(value.toPrecision(3)));
  return text.replaceAll('-', '−');
}

/** In full: `12_345_678.5` → `12,345,678.5`. */
export function amount(value: number): string {
  return value.toLocaleString('en', { maximumFractionDigits: 8 });
}

/** `0.0065` → `0.65 %`, without the noise of the binary product. */
export function percent(share: number): string {
  return `${Number((share * 100).toPrecision(12))} %`;
}

/** `1.52 [1.31, 1.79]`, or `1.52 [not bounded]`. */
export function withInterval({ estimate, ...interval }: Interval & { readonly estimate: number }): string {
  return Number.isNaN(estimate) ? '–' : `${fixed(estimate)} ${ends(interval)}`;
}

interface Interval {
  readonly low: number;
  readonly high: number;
}

/** `[1.31, 1.79]`; `–` when there is none. */
export function ends({ low, high }: Interval): string {
  if (Number.isNaN(low)) return '–';
  return low === -Infinity && high === Infinity ? '[not bounded]' : `[${fixed(low)}, ${fixed(high)}]`;
}

/** `83 s`, `4 min 10 s`. */
export function seconds(value: number): string {
  if (value < 10) return `${Number(value.toPrecision(2))} s`;
  const whole = Math.round(value);
  return whole < 120 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

/** Two decimals, so that the rows of a column compare; none that mean nothing. */
function fixed(value: number): string {
  return Number.isFinite(value) && Math.abs(value) < 100
    ? value
        .toFixed(2)
        .replace(/^-(?=0\.00$)/, '')
        .replace('-', '−')
    : threeDigits(value);
}

/** `1.2M [900k, 1.5M]`. */
export function moneyWithInterval(of: Interval & { readonly estimate: number }): string {
  return Number.isNaN(of.estimate) ? '–' : `${money(of.estimate)} [${money(of.low)}, ${money(of.high)}]`;
}

/** `12 % [5.1 %, 24 %]`. */
export function chanceWithInterval({
  estimate,
  low,
  high,
}: Interval & { readonly estimate: number }): string {
  const hundredths = (share: number): string => `${threeDigits(share * 100)} %`;
  return Number.isNaN(estimate) ? '–' : `${hundredths(estimate)} [${hundredths(low)}, ${hundredths(high)}]`;
}

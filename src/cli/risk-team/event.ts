import { METRICS, quantities, RISK_EVENTS } from '../../index.ts';
import type { MetricName, MetricRow } from '../../index.ts';
import { InputError } from '../errors.ts';

/** Something that happens in a run or not. */
export interface RiskEvent {
  readonly name: string;
  happens(metrics: MetricRow): boolean;
}

/** `ruin`, `adl`, `exhausted`, or a bound on a metric such as `drawdown>500`. */
export function eventFrom(text: string): RiskEvent {
  if (Object.hasOwn(RISK_EVENTS, text))
    return { name: text, happens: RISK_EVENTS[text as keyof typeof RISK_EVENTS] };
  const [, metric, sign, bound] = /^(\w+) ?([<>]) ?(\S+)$/.exec(text) ?? [];
  // A number without a suffix is no text.
  const limit = quantities.money.read(Number.isNaN(Number(bound)) ? bound : Number(bound));
  if (METRICS.some(({ name }) => name === metric) && typeof limit === 'number') {
    const name = metric as MetricName;
    return { name: text, happens: (row) => (sign === '>' ? row[name] > limit : row[name] < limit) };
  }
  throw new InputError(
    `--of is ${text}, expected ${Object.keys(RISK_EVENTS).join(', ')} or a bound on a metric such as drawdown>500. See: cascade describe metrics`,
  );
}

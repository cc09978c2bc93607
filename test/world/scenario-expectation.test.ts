import { describe, expect, it } from 'vitest';
import { ScenarioError } from '../../src/base/check.ts';
import { expectationFrom } from '../../src/world/scenario-expectation.ts';
import { vocabulary } from '../fixtures/scenarios/vocabulary.ts';

const axes = [
  { name: 'mark', path: 'exchange.mark', labels: ['last-trade', 'blend', 'blend localWeight=0.5, x=1'] },
  { name: 'longs.count', path: 'agents.longs.count', labels: ['1k', '10k', '[1, 2]'] },
];
const place = { file: 's.yaml', line: 3, column: 5, path: 'expect[0]' };
const read = (text: string) => expectationFrom(text, axes, vocabulary.metrics, place);

function refusal(text: string): string {
  try {
    read(text);
  } catch (error) {
    if (error instanceof ScenarioError) return error.message;
    throw error;
  }
  throw new Error('accepted');
}

describe('an expectation', () => {
  it('compares two cells', () => {
    const text = 'amplification[mark=last-trade] > amplification[mark=blend, longs.count=10k] at 95%';
    expect(read(text)).toEqual({
      text,
      left: { metric: 'amplification', where: { mark: 'last-trade' } },
      op: '>',
      right: { metric: 'amplification', where: { mark: 'blend', 'longs.count': '10k' } },
      level: 0.95,
    });
  });

  it('compares a cell with a number in the unit of the metric', () => {
    const right = (text: string) => read(text).right;
    expect(right('ruin < 1% at 99%')).toBe(0.01);
    expect(right('ruin<0.01')).toBe(0.01);
    expect(right('drawdown < 200')).toBe(200);
    expect(right('drawdown < 200bp')).toBe(200);
    expect(right('excess_drawdown > -1.5%')).toBe(-150);
    expect(right('fund_used < 20M')).toBe(20e6);
    expect(right('drawdown_at > 5m')).toBe(300);
    expect(right('drawdown_at > 90')).toBe(90);
    expect(right('liquidated_accounts < 10k')).toBe(10_000);
    expect(right('amplification < 1.5x')).toBe(1.5);
  });

  it('holds at the level it says, 95 % when it says none', () => {
    expect(read('ruin < 1%').level).toBe(0.95);
    expect(read('ruin < 1% at 99%').level).toBe(0.99);
    expect(read('ruin < 1% at 0.9').level).toBe(0.9);
  });

  it('recognises labels with spaces, commas and brackets', () => {
    expect(read('ruin[ mark = blend localWeight=0.5, x=1 , longs.count=[1, 2] ] < 1%').left.where).toEqual({
      mark: 'blend localWeight=0.5, x=1',
      'longs.count': '[1, 2]',
    });
  });

  it.each([
    ['amplificaton < 2', /amplificaton in ".*", expected a metric: one of .*Did you mean amplification\?/],
    ['ruin[marc=blend] < 1%', /marc in .*an axis: one of mark, longs\.count.*Did you mean mark\?/],
    ['ruin[mark=blnd] < 1%', /blnd in .*a value of mark: one of last-trade.*Did you mean blend\?/],
    ['ruin[mark=blend < 1%', /a value of mark/],
    ['ruin[mark] < 1%', /axis=label/],
    ['ruin = 1%', /< or >/],
    ['ruin', /found the end.*< or >/],
    ['ruin <', /a metric/],
    ['ruin < 1s', /1s in .*a share/],
    ['drawdown_at < 5%', /a duration/],
    ['amplification < 20M', /a number such as 1\.5/],
    ['ruin < 1% at 95', /95 in .*a confidence above 50%/],
    ['ruin < 1% at', /a confidence at the end/],
    ['ruin < 1% surely', /surely in .*at 95%/],
  ])('%s is refused', (text, message) => {
    expect(refusal(text)).toMatch(message);
    expect(refusal(text)).toMatch(/^s\.yaml:3:5 expect\[0\]: found /);
  });

  it('knows no axis when nothing is swept', () => {
    expect(() => expectationFrom('ruin[mark=x] < 1%', [], vocabulary.metrics, place)).toThrow(
      /there is no sweep/,
    );
  });
});

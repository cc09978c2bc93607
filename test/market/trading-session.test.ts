import { describe, expect, test } from 'vitest';
import { SECOND } from '../../src/base/units.ts';
import { TradingSession } from '../../src/market/trading-session.ts';

describe('a trading session', () => {
  const clock = { now: 0 };
  const session = (rules: Partial<{ liquidates: boolean; postOnly: number }> = {}): TradingSession => {
    clock.now = 0;
    return new TradingSession({ liquidates: false, postOnly: 0, ...rules }, clock);
  };
  const state = (of: TradingSession, seconds: number): unknown[] => {
    clock.now = seconds * SECOND;
    return [of.isHalted, of.takes({ postOnly: false }), of.takes({ postOnly: true }), of.takesLiquidations];
  };
  const OPEN = [false, true, true, true];

  test('is open until it is halted', () => {
    expect(state(session(), 0)).toEqual(OPEN);
  });

  test('takes nothing during a halt, and everything from its end on', () => {
    const halted = session();
    halted.halt(10 * SECOND);
    expect(state(halted, 0)).toEqual([true, false, false, false]);
    expect(state(halted, 9.999999)).toEqual([true, false, false, false]);
    expect(state(halted, 10)).toEqual(OPEN);
  });

  test('takes liquidations all the same where the rules say so', () => {
    const halted = session({ liquidates: true });
    halted.halt(10 * SECOND);
    expect(state(halted, 5)).toEqual([true, false, false, true]);
    expect(halted.liquidatesFrom).toBe(-Infinity);
  });

  test('takes only orders that rest for a while after it', () => {
    const halted = session({ postOnly: 5 * SECOND });
    halted.halt(10 * SECOND);
    expect(state(halted, 10)).toEqual([false, false, true, false]);
    expect(halted.liquidatesFrom).toBe(15 * SECOND);
    expect(state(halted, 15)).toEqual(OPEN);
  });

  test('is halted until the later end of two halts', () => {
    const halted = session();
    halted.halt(10 * SECOND);
    state(halted, 2);
    halted.halt(SECOND);
    expect(state(halted, 9)[0]).toBe(true);
    halted.halt(4 * SECOND);
    expect(state(halted, 12)[0]).toBe(true);
    expect(state(halted, 13)).toEqual(OPEN);
  });
});

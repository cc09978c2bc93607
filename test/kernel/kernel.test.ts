import { describe, expect, test } from 'vitest';
import { AssertionError } from '../../src/base/check.ts';
import { Kernel, Phase } from '../../src/kernel/kernel.ts';

describe('the kernel', () => {
  test('lets events happen in order and moves the clock to each, then to the horizon', () => {
    const kernel = new Kernel();
    const seen: number[][] = [];
    const note = kernel.register((a, b) => seen.push([kernel.now, a, b]));
    kernel.at(30, Phase.MARK, note, 3);
    kernel.at(10, Phase.RECORD, note, 2);
    kernel.at(10, Phase.SHOCK, note, 1, 7);
    kernel.at(51, Phase.SHOCK, note, 4);
    kernel.runUntil(50);
    expect(seen).toEqual([
      [10, 1, 7],
      [10, 2, 0],
      [30, 3, 0],
    ]);
    expect([kernel.now, kernel.processed]).toEqual([50, 3]);
    kernel.runUntil(51);
    expect([kernel.now, kernel.processed]).toEqual([51, 4]);
  });

  test('runs an earlier phase scheduled at the current instant before the later ones that wait', () => {
    const kernel = new Kernel();
    const seen: string[] = [];
    const arrival = kernel.register(() => seen.push('order'));
    const record = kernel.register(() => seen.push('record'));
    const agent = kernel.register(() => {
      seen.push('agent');
      kernel.after(0, Phase.ORDER_ARRIVAL, arrival);
    });
    kernel.at(5, Phase.RECORD, record);
    kernel.at(5, Phase.AGENT, agent);
    kernel.runUntil(5);
    expect(seen).toEqual(['agent', 'order', 'record']);
  });

  test('lets a handler schedule itself again', () => {
    const kernel = new Kernel();
    const times: number[] = [];
    const tick = kernel.register((every) => {
      times.push(kernel.now);
      kernel.after(every, Phase.INDEX, tick, every);
    });
    kernel.at(0, Phase.INDEX, tick, 250);
    kernel.runUntil(1000);
    expect(times).toEqual([0, 250, 500, 750, 1000]);
  });

  test('cancels', () => {
    const kernel = new Kernel();
    const never = kernel.register(() => expect.unreachable());
    kernel.at(5, Phase.AGENT, never);
    const id = kernel.lastScheduled;
    expect([kernel.cancel(id), kernel.cancel(id)]).toEqual([true, false]);
    kernel.runUntil(10);
    expect(kernel.processed).toBe(0);
  });

  test('shows every event to the observer, before it happens', () => {
    const kernel = new Kernel();
    const log: unknown[] = [];
    const work = kernel.register((a) => log.push(`handled ${a}`));
    kernel.observe((...event) => log.push(event));
    kernel.at(3, Phase.FUNDING, work, 8, 9);
    kernel.runUntil(3);
    kernel.observe(undefined);
    kernel.at(4, Phase.FUNDING, work, 1, 2);
    kernel.runUntil(4);
    expect(log).toEqual([[3, Phase.FUNDING, work, 8, 9], 'handled 8', 'handled 1']);
  });

  test('refuses the past, fractions of a microsecond and unknown handlers', () => {
    const kernel = new Kernel();
    const idle = kernel.register(() => undefined);
    kernel.runUntil(100);
    expect(() => kernel.at(99, Phase.MARK, idle)).toThrow(AssertionError);
    expect(() => kernel.after(-1, Phase.MARK, idle)).toThrow(AssertionError);
    expect(() => kernel.at(100.5, Phase.MARK, idle)).toThrow(AssertionError);
    expect(() => kernel.at(NaN, Phase.MARK, idle)).toThrow(AssertionError);
    expect(() => kernel.at(Infinity, Phase.MARK, idle)).toThrow(AssertionError);
    expect(() => kernel.at(100, Phase.MARK, idle + 1)).toThrow(AssertionError);
    expect(() => kernel.runUntil(99)).toThrow(AssertionError);
    kernel.at(100, Phase.MARK, idle);
    expect(kernel.lastScheduled).toBeGreaterThan(0);
  });
});

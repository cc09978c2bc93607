import { describe, expect, it } from 'vitest';
import { Contagion } from '../../src/world/contagion.ts';

describe('the contagion matrix', () => {
  it('counts what was forced by accounts that forced trades had broken, per unit forced in the contract that broke them', () => {
    const contagion = new Contagion(2);
    contagion.broke(7, 0, false);
    contagion.forced(7, 0, 100);
    contagion.broke(8, 0, true);
    contagion.forced(8, 0, 60);
    contagion.forced(8, 1, 40);
    contagion.broke(9, 1, true);
    contagion.forced(9, 0, 40);
    expect(contagion.matrix()).toEqual([
      [60 / 200, 40 / 40],
      [40 / 200, 0],
    ]);
    // λ² − 0.3 λ − 0.2 = 0
    expect(contagion.spectralRadius()).toBeCloseTo((0.3 + Math.sqrt(0.09 + 0.8)) / 2, 9);
  });

  it('of one contract is the share that is not of the first generation', () => {
    const contagion = new Contagion(1);
    contagion.broke(5, 0, false);
    contagion.forced(5, 0, 30);
    contagion.broke(6, 0, true);
    contagion.forced(6, 0, 10);
    expect(contagion.spectralRadius()).toBeCloseTo(0.25, 12);
  });

  it('that feed each other in turn has the root of the product', () => {
    const contagion = new Contagion(2);
    contagion.broke(5, 1, true);
    contagion.forced(5, 0, 100);
    contagion.broke(6, 0, true);
    contagion.forced(6, 1, 25);
    // 100 / 25 from the one, 25 / 100 from the other.
    expect(contagion.spectralRadius()).toBeCloseTo(1, 9);
  });

  it('is nothing while nothing is forced, and after it begins anew', () => {
    const contagion = new Contagion(2);
    expect(contagion.spectralRadius()).toBe(0);
    contagion.broke(5, 0, true);
    contagion.forced(5, 0, 30);
    contagion.begin();
    expect(contagion.matrix()).toEqual([
      [0, 0],
      [0, 0],
    ]);
  });
});

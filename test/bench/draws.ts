import seedrandom from 'seedrandom';
import { RandomSource } from '../../src/base/random.ts';
import { type Contestant, type Part, ratios, spreadOf, Turns } from './timing.ts';

/** Draws by the ziggurat against the textbook formulas over seedrandom's fastest good generator. */
export function benchDraws(quick: boolean): Part {
  const count = quick ? 500_000 : 2_000_000;
  const own = new RandomSource('draws').stream('own');
  const alea = seedrandom.alea('draws');
  const boxMuller = boxMullerOf(alea);
  // Each kind of draw has a loop of its own, so that V8 can compile each as well as it can.
  const sums: Record<string, () => number> = {
    exponential() {
      let sum = 0;
      for (let i = 0; i < count; i++) sum += own.exponential();
      return sum;
    },
    logarithm() {
      let sum = 0;
      for (let i = 0; i < count; i++) sum -= Math.log(1 - alea());
      return sum;
    },
    normal() {
      let sum = 0;
      for (let i = 0; i < count; i++) sum += own.normal();
      return sum;
    },
    boxMuller() {
      let sum = 0;
      for (let i = 0; i < count; i++) sum += boxMuller();
      return sum;
    },
  };
  const turns = new Turns(5, [
    contestant('exponential', sums.exponential, count, 1),
    contestant('logarithm', sums.logarithm, count, 1),
    contestant('normal', sums.normal, count, 0),
    contestant('Box–Muller', sums.boxMuller, count, 0),
  ]);
  return {
    sit: () => turns.sit(),
    rows() {
      const [exponential, logarithm, normal, textbook] = turns.times;
      return [
        { what: 'exponential draw', unit: 'ns', measured: spreadOf(exponential), more: false },
        {
          what: 'exponential draw against −ln(alea)',
          unit: '×',
          measured: ratios(logarithm, exponential),
          gate: 2,
          target: 3.3,
          more: true,
        },
        { what: 'normal draw', unit: 'ns', measured: spreadOf(normal), more: false },
        {
          what: 'normal draw against Box–Muller',
          unit: '×',
          measured: ratios(textbook, normal),
          gate: 1.5,
          target: 2.3,
          more: true,
        },
      ];
    },
  };
}

/** Stops when the mean is not the right one: another draw would be no contest. */
function contestant(name: string, sum: () => number, count: number, mean: number): Contestant {
  const run = () => {
    if (Math.abs(sum() / count - mean) > 6 / Math.sqrt(count))
      throw new Error(`${name} draws something else`);
  };
  return { name, units: count, prepare: () => run };
}

/** Two normal draws from two uniform ones; the second is kept for the next call. */
function boxMullerOf(uniform: () => number): () => number {
  let kept: number | undefined;
  return () => {
    if (kept !== undefined) {
      const draw = kept;
      kept = undefined;
      return draw;
    }
    const radius = Math.sqrt(-2 * Math.log(1 - uniform()));
    const angle = 2 * Math.PI * uniform();
    kept = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  };
}

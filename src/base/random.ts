/**
 * Randomness with names. A stream is found by its path, never by the order in which streams are made, so
 * a run with one more kind of agent or another mark design draws the same numbers everywhere else: the
 * common random numbers that make two designs comparable.
 */
import seedrandom from 'seedrandom';
import { assert } from './check.ts';
import { exp } from './pinned-math.ts';
import { exponentialLayers, normalLayers } from './ziggurat.ts';

/** A sequence of independent draws. Every method advances the stream by its own number of 32-bit words. */
export interface RandomStream {
  /** Uniform on [0, 1), a multiple of 2⁻⁵³. */
  uniform(): number;
  /** Uniform whole number in [0, 2³²). */
  uint32(): number;
  /** Uniform whole number in [0, n), without bias; `n` is a whole number from 1 to 2³². */
  below(n: number): number;
  /** Exponential with mean 1; never 0. */
  exponential(): number;
  /** Normal with mean 0 and standard deviation 1; never 0. */
  normal(): number;
  /** Poisson with the given mean (0 or more). Takes a time proportional to the mean. */
  poisson(mean: number): number;
}

/**
 * The root of all randomness of a run: a seed and a path below it.
 *
 * `source.child('replicate/3').stream('agents/makers/arrivals')` and
 * `source.stream('replicate/3/agents/makers/arrivals')` are the same stream. A call makes the stream anew,
 * from its first draw.
 */
export class RandomSource {
  private readonly seed: string;
  /** Where this source stands below the seed: names, each followed by `/`. */
  private readonly path: string;
  private readonly live: LiveStreams | undefined;

  /** `path` is for `child`: from outside, give the seed alone, and `live` where the streams are to be given other keys later. */
  constructor(seed: string, path = '', live?: LiveStreams) {
    this.seed = seed;
    this.path = path;
    this.live = live;
  }

  /** The source of all streams below `path` (names joined by `/`). */
  child(path: string): RandomSource {
    return new RandomSource(this.seed, `${this.path}${path}/`, this.live);
  }

  /** A source with the same names that draws independently of this one and of other labels. */
  branch(label: string): RandomSource {
    return new RandomSource(this.seed, branchPath(label, this.path));
  }

  /** The stream named `path` (names joined by `/`). Making one costs about 10 µs: keep it. */
  stream(path: string): RandomStream {
    const { seed, live } = this;
    const whole = `${this.path}${path}`;
    const stream = new Sfc32(keyOf(seed, live?.label === undefined ? whole : branchPath(live.label, whole)));
    live?.add((label) => stream.restart(keyOf(seed, branchPath(label, whole))));
    return stream;
  }
}

/**
 * The streams of a run, so that all of them can be given new keys in the middle of it: from then on the run draws
 * independently of what it would have drawn, while everything that has been drawn stays as it is.
 */
export class LiveStreams {
  private readonly restarts: ((label: string) => void)[] = [];
  /** That of the last new keys; streams that are made later get theirs by it too. */
  label: string | undefined;

  add(restart: (label: string) => void): void {
    this.restarts.push(restart);
  }

  /** Every stream draws from now on as `RandomSource.branch(label)` would. */
  rekey(label: string): void {
    this.label = label;
    for (const restart of this.restarts) restart(label);
  }
}

/** No stream of a run begins with this name. */
function branchPath(label: string, path: string): string {
  return `branch/${label}/${path}`;
}

/** The four words that begin the stream at `path`. */
function keyOf(seed: string, path: string): readonly [number, number, number, number] {
  const names = path.split('/');
  assert(!names.includes(''), `the random stream "${names.join('/')}" has an empty name in its path`);
  // seedrandom repeats a short key for ever, so that "ab" and "abab" would be one key. An end mark that
  // occurs nowhere else makes every key its own. (It mixes what is beyond 256 characters into the others.)
  const key = [seed, ...names].map(escapeName).join('/') + END;
  const seeder = seedrandom(key);
  return [seeder.int32(), seeder.int32(), seeder.int32(), seeder.int32()];
}

const END = '\n';

/** One-to-one, and free of `/`, line ends and everything outside ASCII (seedrandom reads 8 bits a character). */
function escapeName(name: string): string {
  return name.replace(/[^A-Za-z0-9_.-]/g, (c) => `%${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

// As many points a layer as the draws below have bits for them.
const EXPONENTIAL = exponentialLayers(2 ** 24);
const NORMAL = normalLayers(2 ** 23);
/** A height above the chord that no rounding explains, in heights of a layer. */
const ROUNDING = 1e-9;

/**
 * Chris Doty-Humphrey's sfc32 ("small fast chaotic", PractRand 0.9x): 128 bits of state, one of which words
 * is a counter, so that no cycle is shorter than 2³² and the mean one is about 2¹²⁷.
 */
class Sfc32 implements RandomStream {
  // 32 bits each, as signed numbers. They begin as 0 because V8 then keeps them as the integers that they are: a field
  // declared without a value is `undefined` at first, and every word drawn took three times as long.
  private a = 0;
  private b = 0;
  private c = 0;
  private counter = 0;

  constructor(key: readonly [number, number, number, number]) {
    this.restart(key);
  }

  restart([a, b, c, counter]: readonly [number, number, number, number]): void {
    this.a = a | 0;
    this.b = b | 0;
    this.c = c | 0;
    this.counter = counter | 0;
  }

  /** The next 32 bits, as a signed number. */
  private int32(): number {
    const { a, b, c, counter } = this;
    const word = (a + b + counter) | 0;
    this.counter = (counter + 1) | 0;
    this.a = b ^ (b >>> 9);
    this.b = (c + (c << 3)) | 0;
    this.c = (((c << 21) | (c >>> 11)) + word) | 0;
    return word;
  }

  uint32(): number {
    return this.int32() >>> 0;
  }

  uniform(): number {
    const high = this.int32() >>> 5;
    const low = this.int32() >>> 6;
    return (high * 0x4000000 + low) / 0x20000000000000;
  }

  below(n: number): number {
    if (!(n >= 1 && n <= 0x100000000 && n === Math.floor(n)))
      assert(false, `below(${n}): n must be 1 to 2³²`);
    if (n === 1) return 0;
    // As many bits as n − 1 has; a word that reaches n is thrown away, so nothing is favoured.
    const shift = Math.clz32(n - 1);
    let word = this.int32() >>> shift;
    while (word >= n) word = this.int32() >>> shift;
    return word;
  }

  /**
   * Ziggurat (see ziggurat.ts): 8 bits choose the layer, the other 24 the point in it.
   *
   * Where a layer is not all under the density, the chord between its corners decides most draws as `exp` would, because
   * the density is convex: it lies below the chord, and within a layer `width` wide (all are less than 1) by less than
   * width/4 of the layer's height. The distance is at most width²/8 of its value at the layer's left end, and
   * the height is (1 − e^(-width)) of that.
   */
  exponential(): number {
    const { edge, height, step, inside } = EXPONENTIAL;
    // What lies beyond the last edge is again exponential: each time round adds one edge.
    let offset = 0;
    for (;;) {
      const word = this.int32();
      const layer = word & 0xff;
      const point = word >>> 8;
      const x = (point + 0.5) * step[layer];
      if (point < inside[layer]) return offset + x;
      if (layer === 0) offset += edge[1];
      else {
        const up = this.uniform(); // from the layer's lower end, in heights of the layer
        const width = edge[layer] - edge[layer + 1];
        const underChord = (edge[layer] - x) / width - up;
        if (underChord > width / 4) return offset + x;
        if (underChord < -ROUNDING) continue;
        const y = height[layer] + up * (height[layer + 1] - height[layer]);
        if (y < exp(-x)) return offset + x;
      }
    }
  }

  /** Ziggurat (see ziggurat.ts): 8 bits choose the layer, 23 the point in it, 1 the sign. */
  normal(): number {
    const { edge, height, step, inside } = NORMAL;
    for (;;) {
      const word = this.int32();
      const layer = word & 0xff;
      const signed = word >> 8;
      const point = signed ^ (signed >> 31);
      const x = (signed + 0.5) * step[layer];
      if (point < inside[layer]) return x;
      if (layer === 0) return signed < 0 ? -this.normalTail(edge[1]) : this.normalTail(edge[1]);
      const y = height[layer] + this.uniform() * (height[layer + 1] - height[layer]);
      if (y < exp(-0.5 * x * x)) return x;
    }
  }

  /** A normal draw given that it exceeds `from`. Marsaglia, Technometrics 6 (1964) 101–102. */
  private normalTail(from: number): number {
    for (;;) {
      const beyond = this.exponential() / from;
      if (2 * this.exponential() > beyond * beyond) return from + beyond;
    }
  }

  /** Counts the arrivals of a unit-rate Poisson process up to `mean`. */
  poisson(mean: number): number {
    if (!(mean >= 0 && mean < Infinity)) assert(false, `poisson(${mean}): the mean must be 0 or more`);
    let arrivals = 0;
    for (let time = this.exponential(); time <= mean; time += this.exponential()) arrivals++;
    return arrivals;
  }
}

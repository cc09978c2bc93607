/**
 * Tables of the ziggurat method (Marsaglia and Tsang, J. Stat. Soft. 5 (8), 2000), in which layer and point
 * come from separate bits (Doornik, "An improved ziggurat method", 2005).
 *
 * 256 layers of equal area cover the right half of the density f. Layer 0 is the base: the rectangle up to
 * edge[1], under which the tail's area is counted as a rectangle from edge[1] to edge[0].
 *
 *   f  1 ┤▔╲                        layer i is edge[i] wide and lies between
 *        │  ╲▁▁        layer 255    the heights f(edge[i]) and f(edge[i + 1]);
 *        │   ┊ ╲▁▁                  left of edge[i + 1] it is all under f.
 *        │   ┊  ┊ ╲▁▁▁  layer 1
 *        │▁▁▁┊▁▁┊▁▁▁▁▁╲▁▁▁┈┈┈┐
 *        │      layer 0   ┊ tail
 *        └────────────────┴──┴──▶
 *                       edge[1] edge[0]
 */
import { exp, ln } from './pinned-math.ts';

export interface Layers {
  /** Right edge of layer i; 257 numbers, falling to 0. */
  readonly edge: Float64Array;
  /** f(edge[i]): lower end of layer i (of layer 1 and up); 257 numbers, rising to 1. */
  readonly height: Float64Array;
  /** Width of layer i divided by the number of points in it. */
  readonly step: Float64Array;
  /** Points of layer i below this one are under f whatever their height. */
  readonly inside: Int32Array;
}

/** Layers of the standard exponential, `points` a layer. Last edge and area are the paper's, section 3. */
export function exponentialLayers(points: number): Layers {
  return layers({
    lastEdge: 7.69711747013105,
    area: 0.003949659822581557,
    points,
    density: (x) => exp(-x),
    inverse: (y) => -ln(y),
  });
}

/** Layers of the standard normal, as exp(−x²/2), `points` a layer. Last edge and area are the paper's, section 3. */
export function normalLayers(points: number): Layers {
  return layers({
    lastEdge: 3.6541528853610088,
    area: 0.00492867323399,
    points,
    density: (x) => exp(-0.5 * x * x),
    inverse: (y) => Math.sqrt(-2 * ln(y)),
  });
}

function layers(of: {
  lastEdge: number;
  area: number;
  points: number;
  density: (x: number) => number;
  inverse: (y: number) => number;
}): Layers {
  const edge = new Float64Array(257);
  edge[0] = of.area / of.density(of.lastEdge);
  edge[1] = of.lastEdge;
  for (let i = 2; i < 256; i++) edge[i] = of.inverse(of.area / edge[i - 1] + of.density(edge[i - 1]));
  return {
    edge,
    height: edge.map(of.density),
    step: edge.map((width) => width / of.points),
    // The point is a middle, (k + ½)·step: k + 1 ≤ inside keeps the whole of it left of the next edge.
    inside: Int32Array.from({ length: 256 }, (_, i) => Math.floor((edge[i + 1] / edge[i]) * of.points)),
  };
}

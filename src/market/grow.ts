type Column = Int32Array<ArrayBuffer> | Float64Array<ArrayBuffer> | Int8Array<ArrayBuffer>;

/** The same numbers in an array of at least `length` places, doubling so that growth costs O(1) a place. */
export function grown<A extends Column>(old: A, length: number): A {
  let size = Math.max(1, old.length);
  while (size < length) size *= 2;
  const larger = new (old.constructor as new (size: number) => A)(size);
  larger.set(old);
  return larger;
}

export function doubled<A extends Column>(old: A): A {
  return grown(old, 2 * old.length);
}

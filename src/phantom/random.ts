/**
 * A seeded source of randomness. Everything the phantom draws comes from one of these, so that a
 * seed names a clip completely. Not for cryptography.
 */
export interface Random {
  /** Uniform in [0, 1). */
  uniform(): number;
  /** Uniform in [min, max). */
  range(min: number, max: number): number;
  /** Uniform in [min, max) on a logarithmic scale; both > 0. */
  logRange(min: number, max: number): number;
  /** A whole number in [0, count). */
  int(count: number): number;
  /** Standard normal. */
  gaussian(): number;
  /** True with the given probability. */
  chance(probability: number): boolean;
  /** One of the items, all equally likely; the list must not be empty. */
  pick<T>(items: readonly T[]): T;
  /** Fills with standard normal values; several times faster than `gaussian` per value. */
  fillGaussian(target: Float32Array): void;
  /**
   * An independent source that depends on this one's seed and the label only, not on what was drawn
   * before. Parts of a scene fork, so that overriding one part leaves the others as they were.
   */
  fork(label: string): Random;
}

const NORMAL_TABLE_SIZE = 16_384;
const NORMAL_TABLE = createNormalTable();

/** Makes a source from any finite number (sfc32, whose state is hashed from the seed). */
export function createRandom(seed: number): Random {
  const next = createWords(seed);
  const uniform = (): number => next() / 4_294_967_296;
  const gaussian = (): number => {
    const radius = Math.sqrt(-2 * Math.log(1 - uniform()));
    return radius * Math.cos(2 * Math.PI * uniform());
  };
  return {
    uniform,
    range: (min, max) => min + (max - min) * uniform(),
    logRange: (min, max) => min * (max / min) ** uniform(),
    int: (count) => Math.floor(uniform() * count),
    gaussian,
    chance: (probability) => uniform() < probability,
    pick: (items) => pickFrom(items, uniform()),
    fillGaussian: (target) => {
      for (let index = 0; index < target.length; index++) {
        const word = next();
        const value = NORMAL_TABLE[word & (NORMAL_TABLE_SIZE - 1)] as number;
        target[index] = word & 0x80000000 ? -value : value;
      }
    },
    fork: (label) => createRandom(hashLabel(seed, label)),
  };
}

function pickFrom<T>(items: readonly T[], position: number): T {
  const item = items[Math.floor(position * items.length)];
  if (item === undefined) throw new Error('Assertion failed: nothing to pick from');
  return item;
}

/** 32-bit words of sfc32. */
function createWords(seed: number): () => number {
  let a = mix(seed | 0);
  let b = mix(a ^ Math.trunc(seed / 4_294_967_296));
  let c = mix(b ^ 0x9e3779b9);
  let counter = 1;
  const next = (): number => {
    const word = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + word;
    c |= 0;
    return word >>> 0;
  };
  for (let round = 0; round < 12; round++) next();
  return next;
}

/** A bijective 32-bit hash (the finaliser of MurmurHash3). */
function mix(value: number): number {
  let hash = value ^ 0x2545f491;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}

function hashLabel(seed: number, label: string): number {
  let hash = mix(seed | 0) ^ mix(Math.trunc(seed / 4_294_967_296));
  for (let index = 0; index < label.length; index++) {
    hash = mix(Math.imul(hash, 31) + label.charCodeAt(index));
  }
  return hash >>> 0;
}

function createNormalTable(): Float32Array {
  const next = createWords(20_261_124);
  const table = new Float32Array(NORMAL_TABLE_SIZE);
  for (let index = 0; index < NORMAL_TABLE_SIZE; index++) {
    // Stratified in the radius, so that the table's own variance is exact to a fraction of a per
    // cent.
    const radius = Math.sqrt(-2 * Math.log((index + 0.5) / NORMAL_TABLE_SIZE));
    table[index] = radius * Math.cos((2 * Math.PI * next()) / 4_294_967_296);
  }
  return table;
}

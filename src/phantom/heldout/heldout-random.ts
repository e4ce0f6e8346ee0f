/**
 * The held-out generator's own source of randomness (32-bit Weyl sequence through a two-round
 * mixer). It shares no code with the training phantom, so that not even the random streams of the
 * two can coincide.
 */
export interface HeldoutRandom {
  /** Uniform in [0, 1). */
  next(): number;
  /** Uniform in [from, to). */
  between(from: number, to: number): number;
  /** Standard normal. */
  normal(): number;
  /** True with this probability. */
  chance(probability: number): boolean;
  /** An element of a non-empty list. */
  pick<T>(list: readonly T[]): T;
}

/** A stream that depends on seed and purpose, so that streams do not disturb each other. */
export function createHeldoutRandom(seed: number, purpose: string): HeldoutRandom {
  let state = Math.imul(seed ^ 0x51ed270b, 0x2c1b3c6d) >>> 0;
  for (let i = 0; i < purpose.length; i++) {
    state = Math.imul(state ^ purpose.charCodeAt(i), 0x297a2d39) >>> 0;
    state = (state ^ (state >>> 15)) >>> 0;
  }
  let spare = Number.NaN;
  const next = (): number => {
    state = (state + 0x9e3779b9) >>> 0;
    let mixed = state;
    mixed = Math.imul(mixed ^ (mixed >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 4294967296;
  };
  const normal = (): number => {
    if (!Number.isNaN(spare)) {
      const value = spare;
      spare = Number.NaN;
      return value;
    }
    const radius = Math.sqrt(-2 * Math.log(1 - next()));
    const angle = 2 * Math.PI * next();
    spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  };
  return {
    next,
    between: (from, to) => from + (to - from) * next(),
    normal,
    chance: (probability) => next() < probability,
    pick: (list) => {
      const value = list[Math.floor(next() * list.length)];
      if (value === undefined) throw new Error('Assertion failed: cannot pick from an empty list');
      return value;
    },
  };
}

/** Smooth lattice noise in [0, 1], repeating after 128 lattice cells. */
export type SmoothNoise = (x: number, y: number) => number;

/** Smooth noise from a random lattice; about 20 ns a call. */
export function createSmoothNoise(random: HeldoutRandom): SmoothNoise {
  const lattice = new Float32Array(128 * 128);
  for (let i = 0; i < lattice.length; i++) lattice[i] = random.next();
  return (x, y) => {
    const cellX = Math.floor(x);
    const cellY = Math.floor(y);
    let fx = x - cellX;
    let fy = y - cellY;
    fx = fx * fx * (3 - 2 * fx);
    fy = fy * fy * (3 - 2 * fy);
    const x0 = cellX & 127;
    const x1 = (cellX + 1) & 127;
    const y0 = (cellY & 127) << 7;
    const y1 = ((cellY + 1) & 127) << 7;
    const top = at(lattice, y0 + x0) * (1 - fx) + at(lattice, y0 + x1) * fx;
    const bottom = at(lattice, y1 + x0) * (1 - fx) + at(lattice, y1 + x1) * fx;
    return top * (1 - fy) + bottom * fy;
  };
}

/** Reads an element whose index is known to be in range. */
export function at(list: ArrayLike<number>, index: number): number {
  return list[index] as number;
}

/** 0 below `from`, 1 above `to`, smooth between. */
export function smoothStep(from: number, to: number, value: number): number {
  const t = Math.min(1, Math.max(0, (value - from) / (to - from)));
  return t * t * (3 - 2 * t);
}

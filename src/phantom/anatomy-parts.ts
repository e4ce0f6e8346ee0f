import type { Body, Bone, Fascicle } from './anatomy.js';
import { fieldHalfWidthMm, type ProbeView } from './probe-view.js';
import type { Random } from './random.js';

/**
 * `honeycomb`: bright with dark bundles; `root`: one dark bundle with a rim; `bright`: fine-
 * grained.
 */
export type NerveLook = 'honeycomb' | 'root' | 'bright';

/** Sizes follow the depth of the picture a little, so that structures stay recognisable. */
function sizeMm(random: Random, view: ProbeView, min: number, max: number): number {
  const zoom = Math.min(1.8, Math.max(0.6, view.depthMm / 40));
  return random.range(min, max) * zoom;
}

/** A slightly irregular outline; `strength` is the greatest relative deviation of one order. */
export function drawOutline(random: Random, strength: number): Body['outline'] {
  return [1, 0.7, 0.5].map((share) => ({
    amplitude: strength * share * random.range(0.2, 1),
    phase: random.range(0, 2 * Math.PI),
  }));
}

/** A peripheral nerve in cross-section. */
export function drawNerve(
  random: Random,
  view: ProbeView,
  xMm: number,
  zMm: number,
  look: NerveLook,
): Body {
  const size = look === 'root' ? sizeMm(random, view, 1.2, 3) : sizeMm(random, view, 1.8, 6);
  const flatness = look === 'root' ? random.range(0.8, 1) : random.range(0.4, 0.85);
  const isRoot = look === 'root';
  const body: Body = {
    kind: 'nerve',
    xMm,
    zMm,
    radiusXMm: size,
    radiusZMm: size * flatness,
    tiltRad: random.gaussian() * 0.3,
    outline: drawOutline(random, isRoot ? 0.06 : 0.14),
    echoDb: isRoot ? random.range(-12, -5) : random.range(3, 11),
    wallDb: isRoot ? random.range(5, 12) : random.range(4, 11),
    wallMm: random.range(0.15, 0.3),
    attenuation: 0.6,
    fascicles: [],
  };
  if (isRoot) return body;
  return { ...body, fascicles: packFascicles(random, body, look === 'bright' ? 0.35 : 0.65) };
}

function packFascicles(random: Random, body: Body, meanRadiusMm: number): Fascicle[] {
  const fascicles: Fascicle[] = [];
  const gap = random.range(0.15, 0.35);
  for (let attempt = 0; attempt < 260 && fascicles.length < 60; attempt++) {
    const radiusMm = meanRadiusMm * random.range(0.5, 1.5);
    const angle = random.range(0, 2 * Math.PI);
    const share = Math.sqrt(random.uniform());
    const u = (body.radiusXMm - radiusMm - 0.2) * share * Math.cos(angle);
    const v = (body.radiusZMm - radiusMm - 0.2) * share * Math.sin(angle);
    const cosine = Math.cos(body.tiltRad);
    const sine = Math.sin(body.tiltRad);
    const xMm = body.xMm + u * cosine - v * sine;
    const zMm = body.zMm + u * sine + v * cosine;
    const isFree = fascicles.every(
      (other) => Math.hypot(other.xMm - xMm, other.zMm - zMm) > other.radiusMm + radiusMm + gap,
    );
    if (isFree) fascicles.push({ xMm, zMm, radiusMm, echoDb: random.range(-13, -4) });
  }
  return fascicles;
}

/** An artery: round, thick bright wall. */
export function drawArtery(random: Random, view: ProbeView, xMm: number, zMm: number): Body {
  const size = sizeMm(random, view, 1.6, 5.5);
  return {
    kind: 'artery',
    xMm,
    zMm,
    radiusXMm: size * random.range(1, 1.2),
    radiusZMm: size,
    tiltRad: 0,
    outline: drawOutline(random, 0.04),
    echoDb: random.range(-34, -18),
    wallDb: random.range(6, 15),
    wallMm: random.range(0.15, 0.35),
    attenuation: 0.15,
    fascicles: [],
  };
}

/** A vein: flat, thin wall. */
export function drawVein(random: Random, view: ProbeView, xMm: number, zMm: number): Body {
  const size = sizeMm(random, view, 1.8, 7);
  return {
    kind: 'vein',
    xMm,
    zMm,
    radiusXMm: size,
    radiusZMm: size * random.range(0.4, 0.9),
    tiltRad: random.gaussian() * 0.35,
    outline: drawOutline(random, 0.16),
    echoDb: random.range(-34, -17),
    wallDb: random.range(-1, 8),
    wallMm: random.range(0.1, 0.2),
    attenuation: 0.15,
    fascicles: [],
  };
}

/** A fluid collection: no echo, no attenuation, irregular. */
export function drawFluid(random: Random, view: ProbeView, xMm: number, zMm: number): Body {
  const size = sizeMm(random, view, 2, 9);
  return {
    kind: 'fluid',
    xMm,
    zMm,
    radiusXMm: size,
    radiusZMm: size * random.range(0.3, 0.9),
    tiltRad: random.gaussian() * 0.3,
    outline: drawOutline(random, 0.25),
    echoDb: random.range(-45, -26),
    wallDb: random.range(-2, 7),
    wallMm: random.range(0.15, 0.3),
    attenuation: 0.02,
    fascicles: [],
  };
}

/** Something round that is no target (a node, a lobule): labelled background. */
export function drawLump(random: Random, view: ProbeView, xMm: number, zMm: number): Body {
  const size = sizeMm(random, view, 1.5, 5);
  return {
    kind: 'lump',
    xMm,
    zMm,
    radiusXMm: size,
    radiusZMm: size * random.range(0.4, 1),
    tiltRad: random.gaussian() * 0.5,
    outline: drawOutline(random, 0.15),
    echoDb: random.range(-14, 9),
    wallDb: random.range(-6, 5),
    wallMm: random.range(0.15, 0.3),
    attenuation: random.range(0.3, 1.2),
    fascicles: [],
  };
}

/** A bone seen from outside: rib or shaft (small arc), or lamina and process (nearly flat). */
export function drawBone(random: Random, view: ProbeView): Bone {
  const isFlat = random.chance(0.4);
  const halfWidthMm = random.range(3, 12) * Math.min(1.5, Math.max(0.7, view.depthMm / 40));
  return {
    xMm: random.range(-0.9, 0.9) * fieldHalfWidthMm(view),
    zMm: view.depthMm * random.range(0.35, 0.85),
    halfWidthMm,
    arcMm: isFlat ? halfWidthMm * random.range(3, 10) : halfWidthMm * random.range(1.05, 1.8),
    slope: random.gaussian() * 0.2,
    roughnessMm: random.chance(0.75) ? random.range(0.05, 0.4) : random.range(0.4, 1.1),
    levelDb: random.range(14, 32),
    shadowDb: random.chance(0.35) ? random.range(10, 24) : random.range(22, 70),
    ...(random.chance(0.75) ? { edgeMm: halfWidthMm * random.range(0.3, 0.95) } : {}),
  };
}

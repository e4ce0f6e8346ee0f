import type { AnatomyScript, Body, Grain, Layer } from './anatomy.js';
import { drawSurface, plainTexture } from './anatomy-layers.js';
import { drawOutline } from './anatomy-parts.js';
import type { Artefact, Wall } from './artefact.js';
import { fieldHalfWidthMm, type ProbeView } from './probe-view.js';
import type { Random } from './random.js';

/**
 * Draws what needles are practised on: a slab of gelatin or agar in a container, or a block or an
 * egg of it in water. Nothing in it is a nerve or a vessel, so that all of it is background.
 */
export function drawTestObject(random: Random, view: ProbeView): AnatomyScript {
  const isInWater = random.chance(0.55);
  // One attenuation for all, as if the gain had been set for it: water does not brighten below.
  const attenuation = random.range(0.4, 0.62);
  const echoDb = random.range(-5, 9);
  const base = {
    family: 'test-object' as const,
    seed: random.int(2 ** 31),
    lines: random.chance(0.7) ? [drawSurface(random, view)] : [],
    bones: [],
  };
  if (isInWater) {
    const body = drawBlock(random, view, echoDb, attenuation);
    const inclusions = drawInclusions(random, view, body, attenuation);
    return {
      ...base,
      layers: [substance('water', random.range(-52, -26), attenuation)],
      bodies: [body, ...inclusions],
      artefacts: drawContainer(random, view, body.zMm + body.radiusZMm),
    };
  }
  const inside = slabAsBody(random, view, echoDb, attenuation);
  return {
    ...base,
    layers: [substance('gel', echoDb, attenuation)],
    bodies: [inside, ...drawInclusions(random, view, inside, attenuation)],
    artefacts: random.chance(0.6) ? drawContainer(random, view, view.depthMm * 0.55) : [],
  };
}

function substance(tissue: Layer['tissue'], echoDb: number, attenuation: number): Layer {
  const texture = { ...plainTexture(0), strengthDb: tissue === 'water' ? 2.5 : 0.8 };
  return { tissue, bottom: { baseMm: 1e4, slope: 0, waves: [] }, echoDb, attenuation, texture };
}

function drawGrain(random: Random): Grain {
  const isGrainy = random.chance(0.35);
  return {
    strengthDb: isGrainy ? random.range(2, 6) : random.range(0, 1.2),
    sizeMm: isGrainy ? random.logRange(0.4, 2) : random.range(2, 8),
  };
}

function drawBlock(random: Random, view: ProbeView, echoDb: number, attenuation: number): Body {
  const field = fieldHalfWidthMm(view);
  const isBlock = random.chance(0.5);
  return {
    kind: 'lump',
    xMm: random.range(-0.3, 0.3) * field,
    zMm: view.depthMm * random.range(0.4, 0.62),
    radiusXMm: field * (isBlock ? random.range(0.5, 1.3) : random.range(0.4, 1)),
    radiusZMm: view.depthMm * random.range(0.16, 0.36),
    tiltRad: random.gaussian() * (isBlock ? 0.05 : 0.15),
    outline: drawOutline(random, isBlock ? 0.01 : 0.07),
    echoDb,
    wallDb: random.range(4, 20),
    wallMm: random.range(0.12, 0.3),
    attenuation,
    fascicles: [],
    squareness: isBlock ? random.range(4, 9) : 2,
    grain: drawGrain(random),
  };
}

/** A body larger than the picture, to carry the grain of a slab that fills it. */
function slabAsBody(random: Random, view: ProbeView, echoDb: number, attenuation: number): Body {
  return {
    ...drawBlock(random, view, echoDb, attenuation),
    xMm: 0,
    zMm: view.depthMm / 2,
    radiusXMm: 2.5 * (fieldHalfWidthMm(view) + view.depthMm),
    radiusZMm: 1.5 * view.depthMm,
    tiltRad: 0,
    outline: [],
    wallDb: -60,
  };
}

/** Wires and beads (bright dots), or pearls and rods of another echo. */
function drawInclusions(random: Random, view: ProbeView, host: Body, attenuation: number): Body[] {
  const inclusions: Body[] = [];
  if (random.chance(0.45)) return inclusions;
  const areWires = random.chance(0.5);
  const reachX = Math.min(host.radiusXMm, fieldHalfWidthMm(view)) * 0.75;
  const reachZ = Math.min(host.radiusZMm, 0.42 * view.depthMm) * 0.7;
  const zoom = view.depthMm / 40;
  for (let count = 1 + random.int(areWires ? 6 : 3); count > 0; count--) {
    const size = zoom * (areWires ? random.range(0.12, 0.4) : random.range(1, 5));
    inclusions.push({
      kind: 'lump',
      xMm: host.xMm + random.range(-reachX, reachX),
      zMm: host.zMm + random.range(-reachZ, reachZ),
      radiusXMm: size,
      radiusZMm: size * random.range(0.85, 1),
      tiltRad: 0,
      outline: [],
      echoDb: areWires ? random.range(14, 26) : random.pick([-40, -30, -12, -8, 6, 10]),
      wallDb: areWires ? random.range(14, 26) : random.range(-4, 12),
      wallMm: 0.15,
      attenuation: areWires ? attenuation : attenuation * random.range(0.4, 2),
      fascicles: [],
    });
  }
  return inclusions;
}

/** Bright flat lines: the floor (with repeats and dark below), the surface, sometimes both. */
function drawContainer(random: Random, view: ProbeView, bottomMm: number): Artefact[] {
  const walls: Artefact[] = [];
  const slope = random.gaussian() * 0.03;
  const across = 3 * (fieldHalfWidthMm(view) + view.depthMm);
  const line = (zMm: number, behindDb: number | null): Wall => ({
    kind: 'wall',
    zMm,
    slope: slope + random.gaussian() * 0.015,
    fromXMm: random.chance(0.2) ? random.range(-0.8, 0) * fieldHalfWidthMm(view) : -across,
    toXMm: across,
    levelDb: random.range(12, 30),
    breakup: random.range(0, 0.5),
    repeats: random.pick([1, 1, 2, 2, 3, 4]),
    gapMm: (view.depthMm / 40) * random.logRange(0.4, 2.5),
    behindDb,
  });
  if (random.chance(0.5)) walls.push(line(view.depthMm * random.range(0.04, 0.16), null));
  if (random.chance(0.8)) {
    const floorMm = bottomMm + random.range(0.02, 0.3) * view.depthMm;
    walls.push(line(floorMm, random.chance(0.7) ? random.range(-50, -14) : null));
  }
  return walls;
}

import type { AnatomyFamily, AnatomyScript, Body } from './anatomy.js';
import { drawArtery, drawLump, drawOutline, drawVein } from './anatomy-parts.js';
import { fieldHalfWidthMm, type ProbeView } from './probe-view.js';
import type { Random } from './random.js';

/** Families that hold vessels of limbs and trunk. */
const FAMILIES: readonly AnatomyFamily[] = [
  'neurovascular',
  'roots',
  'planes',
  'bony',
  'longitudinal',
  'deep-nerve',
  'effusion',
];

/**
 * Widens how the vessels of an anatomy look and lie: hazy lumens, walls that shine or cannot be
 * seen, flat, small and huge ones, chains of veins that touch, vessels against a nerve and half
 * outside the picture; and dark muscle bellies, which are no vessels. `anatomy` stays as it is.
 */
export function widenVessels(
  random: Random,
  view: ProbeView,
  anatomy: AnatomyScript,
): AnatomyScript {
  if (!FAMILIES.includes(anatomy.family)) return anatomy;
  const bodies = anatomy.bodies.map((body) => {
    if (!isVessel(body) || !random.chance(0.7)) return body;
    const others = anatomy.bodies.filter((other) => other !== body);
    const changed = restyle(random, view, body);
    if (isFree(changed, others, anatomy)) return changed;
    return { ...changed, radiusXMm: body.radiusXMm, radiusZMm: body.radiusZMm };
  });
  const added: Body[] = [];
  const add = (body: Body): void => {
    if (isFree(body, [...bodies, ...added], anatomy)) added.push(body);
  };
  const nerves = bodies.filter(({ kind }) => kind === 'nerve');
  if (nerves.length > 0 && random.chance(0.4)) {
    add(beside(random, random.pick(nerves), drawVessel(random, view)));
  }
  if (random.chance(0.2)) add(atTheEdge(random, view, drawVessel(random, view)));
  const vessels = [...bodies, ...added].filter(isVessel);
  if (vessels.length > 0 && random.chance(0.4)) {
    let last = random.pick(vessels);
    for (let count = 1 + random.int(3); count > 0; count--) {
      const next = beside(random, last, restyle(random, view, drawVein(random, view, 0, 0)));
      add({ ...next, echoDb: last.echoDb + random.gaussian() });
      last = added.at(-1) ?? last;
    }
  }
  if (random.chance(0.3)) add(drawBelly(random, view));
  return { ...anatomy, bodies: [...bodies, ...added] };
}

function isVessel({ kind }: Body): boolean {
  return kind === 'artery' || kind === 'vein';
}

function drawVessel(random: Random, view: ProbeView): Body {
  const reach = 0.85 * fieldHalfWidthMm(view);
  const draw = random.chance(0.5) ? drawArtery : drawVein;
  const x = random.range(-reach, reach);
  return restyle(random, view, draw(random, view, x, view.depthMm * random.range(0.2, 0.75)));
}

function restyle(random: Random, view: ProbeView, body: Body): Body {
  const isVein = body.kind === 'vein';
  const size = drawSize(random);
  const radiusXMm = Math.min(0.3 * view.depthMm, body.radiusXMm * size);
  const flat = isVein && random.chance(0.4) ? random.range(0.3, 0.7) : 1;
  return {
    ...body,
    radiusXMm,
    radiusZMm: (radiusXMm * body.radiusZMm * flat) / body.radiusXMm,
    outline: isVein ? drawOutline(random, random.range(0.05, 0.22)) : body.outline,
    wallDb: drawWallDb(random, body.wallDb),
    attenuation: random.range(0.03, 0.55),
    ...drawLumen(random, body.echoDb),
  };
}

function drawSize(random: Random): number {
  const kind = random.uniform();
  if (kind < 0.25) return random.range(0.4, 0.8);
  return kind < 0.55 ? random.range(1.2, 2.4) : 1;
}

function drawWallDb(random: Random, usualDb: number): number {
  const kind = random.uniform();
  if (kind < 0.45) return random.range(-40, -6);
  return kind < 0.65 ? random.range(8, 18) : usualDb;
}

/** Half of the lumens are gray with clutter, and its clouds, rather than black. */
function drawLumen(random: Random, usualDb: number): Pick<Body, 'echoDb' | 'grain'> {
  if (random.chance(0.5)) return { echoDb: usualDb };
  return {
    echoDb: random.range(-20, -6),
    grain: { strengthDb: random.range(0.5, 4), sizeMm: random.logRange(0.4, 4) },
  };
}

/** The same body against another one. */
function beside(random: Random, other: Body, body: Body): Body {
  const angle = random.range(0, 2 * Math.PI);
  const gap = random.range(0.88, 1.08);
  return {
    ...body,
    xMm: other.xMm + gap * (other.radiusXMm + body.radiusXMm) * Math.cos(angle),
    zMm: other.zMm + gap * (other.radiusZMm + body.radiusZMm) * Math.sin(angle),
  };
}

/** The same body where the picture cuts it: at a side or, large, at the bottom. */
function atTheEdge(random: Random, view: ProbeView, body: Body): Body {
  if (random.chance(0.6)) {
    const xMm = random.pick([-1, 1]) * fieldHalfWidthMm(view) * random.range(0.88, 1.1);
    return { ...body, xMm };
  }
  return { ...body, zMm: view.depthMm * random.range(0.85, 1) };
}

/** A muscle belly cut across: dark, flat and cornered, with a sheath. Background. */
function drawBelly(random: Random, view: ProbeView): Body {
  const reach = 0.9 * fieldHalfWidthMm(view);
  const zMm = view.depthMm * random.range(0.15, 0.8);
  const belly = drawLump(random, view, random.range(-reach, reach), zMm);
  return {
    ...belly,
    radiusXMm: belly.radiusXMm * random.range(1, 2.2),
    outline: drawOutline(random, 0.2),
    echoDb: random.range(-14, -6),
    wallDb: random.range(-4, 12),
    attenuation: random.range(0.5, 0.8),
    squareness: random.range(2, 4),
    grain: { strengthDb: random.range(2, 5), sizeMm: random.logRange(0.5, 2.5) },
  };
}

/** Whether a body may be added: under the skin, not under bone, at most grazing nerve and lump. */
function isFree(body: Body, bodies: readonly Body[], { bones }: AnatomyScript): boolean {
  if (body.zMm - body.radiusZMm < 2) return false;
  const isUnderBone = bones.some(
    (bone) =>
      Math.abs(body.xMm - bone.xMm) < bone.halfWidthMm + body.radiusXMm &&
      body.zMm + body.radiusZMm > bone.zMm,
  );
  if (isUnderBone) return false;
  return bodies.every((other) => {
    const dx = (body.xMm - other.xMm) / (body.radiusXMm + other.radiusXMm);
    const dz = (body.zMm - other.zMm) / (body.radiusZMm + other.radiusZMm);
    const isPatch = other.kind === 'lump' && other.wallDb === -40;
    return isPatch || dx * dx + dz * dz > (isVessel(body) && isVessel(other) ? 0.55 : 0.72);
  });
}

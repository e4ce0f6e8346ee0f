import type { AnatomyScript, Body, Layer, LineEcho } from './anatomy.js';
import { drawCurve, drawFat, drawMuscle, drawSkin, drawSurface } from './anatomy-layers.js';
import { drawArtery, drawLump, drawOutline, drawVein } from './anatomy-parts.js';
import type { Artefact } from './artefact.js';
import { drawCalcifications, drawSepta } from './artefact-draw.js';
import { fieldHalfWidthMm, type ProbeView } from './probe-view.js';
import type { Random } from './random.js';

/** Draws a thyroid, a breast or a prostate: fine, even glands. They are labelled background. */
export function drawGland(random: Random, view: ProbeView): AnatomyScript {
  return random.pick([drawThyroid, drawBreast, drawBreast, drawProstate])(random, view);
}

function parenchyma(random: Random, view: ProbeView, echoDb: number): Layer {
  return {
    tissue: 'gland',
    bottom: drawCurve(random, 4 * view.depthMm, view),
    echoDb,
    attenuation: random.range(0.45, 0.65),
    texture: {
      angleRad: random.gaussian() * 0.2,
      strengthDb: random.range(0.4, 2.5),
      alongMm: random.range(2, 8),
      acrossMm: random.range(1, 4),
      strokesPerCm2: random.range(0, 3),
      strokeDb: random.range(4, 11),
      strokeMm: random.range(0.6, 4),
    },
  };
}

function lump(random: Random, view: ProbeView, changes: Partial<Body>): Body {
  return { ...drawLump(random, view, 0, view.depthMm / 2), ...changes };
}

function drawThyroid(random: Random, view: ProbeView): AnatomyScript {
  const field = fieldHalfWidthMm(view);
  const side = random.chance(0.5) ? 1 : -1;
  const fatMm = view.depthMm * random.range(0.06, 0.16);
  const zMm = view.depthMm * random.range(0.36, 0.5);
  const lobe = lump(random, view, {
    xMm: -0.15 * side * field,
    zMm,
    radiusXMm: field * random.range(0.35, 0.6),
    radiusZMm: view.depthMm * random.range(0.14, 0.24),
    echoDb: random.range(2, 10),
    wallDb: random.range(2, 10),
    attenuation: 0.5,
    outline: drawOutline(random, 0.1),
    grain: { strengthDb: random.range(0.5, 2.5), sizeMm: random.range(0.8, 3) },
  });
  const bodies: Body[] = [lobe];
  if (random.chance(0.5)) {
    const size = lobe.radiusZMm * random.range(0.2, 0.6);
    const place = { xMm: lobe.xMm + random.gaussian() * 0.3 * lobe.radiusXMm, zMm };
    bodies.push(lump(random, view, { ...place, radiusXMm: size, radiusZMm: size * 0.8 }));
  }
  if (random.chance(0.8)) bodies.push(drawArtery(random, view, 0.72 * side * field, zMm));
  if (random.chance(0.6)) bodies.push(drawVein(random, view, 0.8 * side * field, zMm * 0.55));
  const top = drawSkin(random, random.range(1, 2.4));
  return {
    family: 'gland',
    seed: random.int(2 ** 31),
    layers: [
      top,
      drawFat(random, view, fatMm),
      drawMuscle(random, view, zMm - lobe.radiusZMm * 0.9, 0, 'gland'),
      { ...drawMuscle(random, view, 4 * view.depthMm, 0, 'gland'), echoDb: random.range(-9, 0) },
    ],
    lines: [drawSurface(random, view)],
    bodies,
    bones: [],
    artefacts: random.chance(0.7) ? [trachea(random, view, -0.85 * side * field)] : [],
  };
}

function trachea(random: Random, view: ProbeView, xMm: number): Artefact {
  const half = fieldHalfWidthMm(view) * random.range(0.25, 0.4);
  const curve = { baseMm: view.depthMm * random.range(0.3, 0.45), slope: 0 };
  return {
    kind: 'gas',
    curve: {
      ...curve,
      waves: [{ amplitudeMm: 0.3 * half, wavelengthMm: 4 * half, phase: -Math.PI / 2 }],
    },
    fromXMm: xMm - half,
    toXMm: xMm + half,
    levelDb: random.range(16, 28),
    breakup: random.range(0, 0.4),
    hazeDb: random.range(-6, 6),
    decayMm: random.range(5, 16),
    aLines: random.int(3),
    aLineLossDb: random.range(5, 12),
    bLines: [],
  };
}

function drawBreast(random: Random, view: ProbeView): AnatomyScript {
  const field = fieldHalfWidthMm(view);
  const { depthMm } = view;
  const glandTop = depthMm * random.range(0.12, 0.4);
  const bodies: Body[] = [];
  for (let count = 3 + random.int(8); count > 0; count--) {
    const size = depthMm * random.range(0.05, 0.16);
    bodies.push(
      lump(random, view, {
        xMm: random.range(-1, 1) * field,
        zMm: depthMm * random.range(0.1, 0.8),
        radiusXMm: size * random.range(1, 2.4),
        radiusZMm: size * random.range(0.5, 0.9),
        tiltRad: random.gaussian() * 0.3,
        echoDb: random.range(-12, -3),
        wallDb: random.range(2, 10),
      }),
    );
  }
  if (random.chance(0.5)) bodies.push(drawLesion(random, view));
  return {
    family: 'gland',
    seed: random.int(2 ** 31),
    layers: [
      drawSkin(random, random.range(1, 2.5)),
      drawFat(random, view, glandTop),
      { ...parenchyma(random, view, random.range(1, 9)), bottom: chestWall(random, view) },
      drawMuscle(random, view, 4 * depthMm, 0, 'gland'),
    ],
    lines: [drawSurface(random, view), fascia(random, view, chestWall(random, view))],
    bodies: [...bodies, ...(random.chance(0.25) ? drawCalcifications(random, view) : [])],
    bones: [],
    artefacts: drawSepta(random, view, 2 + random.int(6), false),
  };
}

function chestWall(random: Random, view: ProbeView): Layer['bottom'] {
  return drawCurve(random, view.depthMm * random.range(0.6, 0.95), view);
}

function fascia(random: Random, view: ProbeView, curve: Layer['bottom']): LineEcho {
  const across = 3 * (fieldHalfWidthMm(view) + view.depthMm);
  const levelDb = random.range(8, 20);
  return {
    curve,
    fromXMm: -across,
    toXMm: across,
    levelDb,
    breakup: 0.3,
    isFascia: true,
    sheets: 1,
  };
}

/** A dark irregular lump that shades what is under it, as one that a needle is sent to. */
function drawLesion(random: Random, view: ProbeView): Body {
  const size = view.depthMm * random.range(0.06, 0.16);
  return lump(random, view, {
    xMm: random.range(-0.6, 0.6) * fieldHalfWidthMm(view),
    zMm: view.depthMm * random.range(0.3, 0.65),
    radiusXMm: size,
    radiusZMm: size * random.range(0.6, 1.1),
    outline: drawOutline(random, 0.22),
    echoDb: random.range(-22, -7),
    wallDb: random.range(-2, 8),
    attenuation: random.range(0.3, 1.6),
  });
}

function drawProstate(random: Random, view: ProbeView): AnatomyScript {
  const field = fieldHalfWidthMm(view);
  const zMm = view.depthMm * random.range(0.35, 0.5);
  const capsule = lump(random, view, {
    xMm: random.range(-0.1, 0.1) * field,
    zMm,
    radiusXMm: field * random.range(0.55, 0.85),
    radiusZMm: view.depthMm * random.range(0.22, 0.33),
    tiltRad: random.gaussian() * 0.06,
    outline: drawOutline(random, 0.08),
    echoDb: random.range(0, 6),
    wallDb: random.range(4, 14),
    attenuation: 0.55,
    grain: { strengthDb: random.range(1, 3), sizeMm: random.range(1, 4) },
  });
  const zone = lump(random, view, {
    ...capsule,
    xMm: capsule.xMm + random.range(-0.25, 0.25) * capsule.radiusXMm,
    zMm: zMm + random.range(-0.25, 0.2) * capsule.radiusZMm,
    tiltRad: random.gaussian() * 0.2,
    radiusXMm: capsule.radiusXMm * random.range(0.45, 0.7),
    radiusZMm: capsule.radiusZMm * random.range(0.45, 0.7),
    outline: drawOutline(random, 0.2),
    echoDb: capsule.echoDb - random.range(4, 13),
    wallDb: random.range(-6, 6),
  });
  const muscle = drawMuscle(random, view, 4 * view.depthMm, 0, 'gland');
  return {
    family: 'gland',
    seed: random.int(2 ** 31),
    layers: [
      { ...parenchyma(random, view, random.range(-4, 8)), bottom: drawCurve(random, 3, view) },
      { ...muscle, tissue: 'gland', echoDb: random.range(-10, 4) },
    ],
    lines: [drawSurface(random, view)],
    bodies: [capsule, zone, ...(random.chance(0.6) ? drawCalcifications(random, view, zone) : [])],
    bones: [],
    artefacts: [],
  };
}

/** Draws a liver or a kidney: fine echoes to the bottom, with vessels that are labelled so. */
export function drawOrgan(random: Random, view: ProbeView): AnatomyScript {
  const field = fieldHalfWidthMm(view);
  const { depthMm } = view;
  const bodies: Body[] = random.chance(0.4) ? drawKidney(random, view) : [];
  const vessels = bodies.length > 0 ? random.int(2) : 1 + random.int(5);
  for (let count = vessels; count > 0; count--) {
    const draw = random.chance(0.75) ? drawVein : drawArtery;
    const xMm = random.range(-0.9, 0.9) * field;
    const vessel = draw(random, view, xMm, depthMm * random.range(0.25, 0.9));
    if (bodies.every((body) => !overlaps(body, vessel))) bodies.push(vessel);
  }
  const top = depthMm * random.range(0.12, 0.3);
  const organ = parenchyma(random, view, random.range(-4, 5));
  return {
    family: 'organ',
    seed: random.int(2 ** 31),
    layers: [
      drawSkin(random, random.range(1, 2.4)),
      drawFat(random, view, top * random.range(0.3, 0.7)),
      drawMuscle(random, view, top, 0, 'organ'),
      organ,
    ],
    lines: [
      drawSurface(random, view),
      fascia(random, view, drawCurve(random, top, view)),
      ...(random.chance(0.5)
        ? [{ ...fascia(random, view, diaphragm(random, view)), isFascia: false }]
        : []),
    ],
    bodies,
    bones: [],
    artefacts: [],
  };
}

function overlaps(a: Body, b: Body): boolean {
  const dx = (a.xMm - b.xMm) / (a.radiusXMm + b.radiusXMm);
  const dz = (a.zMm - b.zMm) / (a.radiusZMm + b.radiusZMm);
  return dx * dx + dz * dz < 1;
}

function diaphragm(random: Random, view: ProbeView): Layer['bottom'] {
  const curve = drawCurve(random, view.depthMm * random.range(0.75, 0.95), view);
  return { ...curve, slope: random.gaussian() * 0.25 };
}

/** A dark rim around a bright middle. */
function drawKidney(random: Random, view: ProbeView): Body[] {
  const cortex = lump(random, view, {
    xMm: random.range(-0.4, 0.4) * fieldHalfWidthMm(view),
    zMm: view.depthMm * random.range(0.5, 0.65),
    radiusXMm: view.depthMm * random.range(0.3, 0.45),
    radiusZMm: view.depthMm * random.range(0.16, 0.24),
    tiltRad: random.gaussian() * 0.25,
    outline: drawOutline(random, 0.05),
    echoDb: random.range(-10, -3),
    wallDb: random.range(4, 12),
    attenuation: 0.5,
  });
  const sinus = lump(random, view, {
    ...cortex,
    radiusXMm: cortex.radiusXMm * random.range(0.4, 0.65),
    radiusZMm: cortex.radiusZMm * random.range(0.3, 0.5),
    outline: drawOutline(random, 0.25),
    echoDb: random.range(5, 12),
    wallDb: -10,
    grain: { strengthDb: random.range(2, 5), sizeMm: random.range(1.5, 4) },
  });
  return [cortex, sinus];
}

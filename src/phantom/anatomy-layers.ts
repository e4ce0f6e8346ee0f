import type { AnatomyFamily, Curve, Layer, LineEcho, Texture } from './anatomy.js';
import { fieldHalfWidthMm, type ProbeView } from './probe-view.js';
import type { Random } from './random.js';

/** Draws skin, fat and muscles (or gel) from the surface down. */
export function drawLayers(random: Random, view: ProbeView, family: AnatomyFamily): Layer[] {
  if (family === 'gel') return [drawGel(random, view)];
  const layers: Layer[] = [];
  let depth = random.range(0.8, 2.4);
  layers.push(drawSkin(random, depth));
  depth += view.depthMm * (random.chance(0.3) ? random.range(0.15, 0.4) : random.range(0.04, 0.18));
  layers.push(drawFat(random, view, depth));
  const tilt = random.gaussian() * 0.06;
  const muscleCount = { planes: 3 + random.int(2), longitudinal: 2 }[family as string];
  for (let left = muscleCount ?? 1 + random.int(3); left > 0; left--) {
    const thickness = Math.max(2.5, (view.depthMm - depth) * random.range(0.2, 0.6));
    depth += thickness;
    layers.push(drawMuscle(random, view, depth, tilt + random.gaussian() * 0.06, family));
  }
  return layers;
}

/** Draws the interfaces: fascia between layers, septa in fat, the skin's own lines. */
export function drawLines(
  random: Random,
  view: ProbeView,
  layers: readonly Layer[],
  family: AnatomyFamily,
): LineEcho[] {
  const lines: LineEcho[] = [drawSurface(random, view)];
  if (family === 'gel') return lines;
  const width = 1.6 * fieldHalfWidthMm(view) + view.depthMm;
  layers.forEach((layer, index) => {
    const isLast = index === layers.length - 1;
    if (layer.tissue === 'skin' || isLast) return;
    lines.push({
      curve: layer.bottom,
      fromXMm: -width,
      toXMm: width,
      levelDb: random.range(8, 25),
      breakup: random.range(0.1, 0.8),
      isFascia: true,
      sheets: random.chance(0.3) ? 2 : 1,
    });
  });
  for (let count = random.int(9); count > 0; count--) lines.push(looseSheet(random, view));
  return lines;
}

/** The cover of the transducer and the skin under it: bright, right at the top. */
export function drawSurface(random: Random, view: ProbeView): LineEcho {
  return {
    curve: { baseMm: random.range(0.1, 0.5), slope: 0, waves: [] },
    fromXMm: -4 * view.depthMm,
    toXMm: 4 * view.depthMm,
    levelDb: random.range(8, 20),
    breakup: 0.1,
    isFascia: false,
    sheets: 1 + random.int(3),
  };
}

/** A partial fascia or aponeurosis that ends within the picture. */
function looseSheet(random: Random, view: ProbeView): LineEcho {
  const centre = random.range(-1, 1) * fieldHalfWidthMm(view);
  const half = fieldHalfWidthMm(view) * random.range(0.2, 0.9);
  const slope = random.gaussian() * 0.2;
  return {
    curve: {
      ...drawCurve(random, view.depthMm * random.range(0.15, 0.9) - slope * centre, view),
      slope,
    },
    fromXMm: centre - half,
    toXMm: centre + half,
    levelDb: random.range(6, 20),
    breakup: random.range(0.2, 0.8),
    isFascia: true,
    sheets: random.chance(0.25) ? 2 : 1,
  };
}

/** A gently waving depth. */
export function drawCurve(random: Random, baseMm: number, view: ProbeView): Curve {
  const span = 2 * fieldHalfWidthMm(view);
  return {
    baseMm,
    slope: random.gaussian() * 0.04,
    waves: [1, 0.45, 0.15].map((scale) => ({
      amplitudeMm: scale * random.range(0, 0.025) * view.depthMm,
      wavelengthMm: span * scale * random.range(0.8, 2.2),
      phase: random.range(0, 2 * Math.PI),
    })),
  };
}

/** Skin down to a depth. */
export function drawSkin(random: Random, bottomMm: number): Layer {
  return {
    tissue: 'skin',
    bottom: { baseMm: bottomMm, slope: 0, waves: [] },
    echoDb: random.range(3, 12),
    attenuation: 0.8,
    texture: { ...plainTexture(random.range(0, 1.5)), strengthDb: 2 },
  };
}

/** Fat with septa down to a depth. */
export function drawFat(random: Random, view: ProbeView, bottomMm: number): Layer {
  return {
    tissue: 'fat',
    bottom: drawCurve(random, bottomMm, view),
    echoDb: random.range(-8, 3),
    attenuation: 0.5,
    texture: {
      angleRad: random.gaussian() * 0.08,
      strengthDb: random.range(2, 6),
      alongMm: random.range(3, 9),
      acrossMm: random.range(0.6, 1.5),
      strokesPerCm2: random.range(2, 12),
      strokeDb: random.range(6, 16),
      strokeMm: random.range(3, 12),
    },
  };
}

/** Muscle with striae down to a depth; `slope` tilts its lower border. */
export function drawMuscle(
  random: Random,
  view: ProbeView,
  bottomMm: number,
  slope: number,
  family: AnatomyFamily,
): Layer {
  const isAlong = family === 'longitudinal' || random.chance(0.25);
  const angle = isAlong ? random.range(0.05, 0.4) * (random.chance(0.5) ? 1 : -1) : 0;
  const curve = drawCurve(random, bottomMm, view);
  return {
    tissue: 'muscle',
    bottom: { ...curve, slope: curve.slope + slope },
    echoDb: random.range(-12, 4),
    attenuation: random.range(0.5, 0.7),
    texture: {
      angleRad: angle + random.gaussian() * 0.05,
      strengthDb: isAlong ? random.range(4, 9) : random.range(2, 7),
      alongMm: isAlong ? random.range(6, 18) : random.range(1.5, 8),
      acrossMm: random.range(0.4, 1.2),
      strokesPerCm2: random.logRange(1.5, isAlong ? 26 : 18),
      strokeDb: random.range(5, 19),
      strokeMm: isAlong ? random.range(4, 14) : random.logRange(0.8, 9),
    },
  };
}

function drawGel(random: Random, view: ProbeView): Layer {
  return {
    tissue: 'gel',
    bottom: { baseMm: 2 * view.depthMm, slope: 0, waves: [] },
    echoDb: random.range(-10, 6),
    attenuation: random.range(0.2, 0.6),
    texture: plainTexture(random.range(0, 1.5)),
  };
}

/** No direction and no strokes. */
export function plainTexture(strengthDb: number): Texture {
  return {
    angleRad: 0,
    strengthDb,
    alongMm: 5,
    acrossMm: 3,
    strokesPerCm2: 0,
    strokeDb: 0,
    strokeMm: 1,
  };
}

import type { AnatomyScript, Bone, Layer } from './anatomy.js';
import { drawCurve, drawFat, drawMuscle, drawSkin, drawSurface } from './anatomy-layers.js';
import { drawBone } from './anatomy-parts.js';
import { drawSepta } from './artefact-draw.js';
import { fieldHalfWidthMm, type ProbeView } from './probe-view.js';
import type { Random } from './random.js';

/** Draws a tendon along the probe: bright parallel fibrils under fat, over bone or muscle. */
export function drawTendon(random: Random, view: ProbeView): AnatomyScript {
  const topMm = view.depthMm * random.range(0.08, 0.3);
  const bottomMm = topMm + view.depthMm * random.range(0.12, 0.3);
  const layers: Layer[] = [drawSkin(random, random.range(0.8, 2)), drawFat(random, view, topMm)];
  layers.push(fibrils(random, view, bottomMm));
  if (random.chance(0.3)) {
    const secondMm = bottomMm + view.depthMm * random.range(0.08, 0.2);
    layers.push(drawMuscle(random, view, secondMm, 0, 'tendon'));
    layers.push(fibrils(random, view, secondMm + view.depthMm * random.range(0.1, 0.25)));
  }
  layers.push(drawMuscle(random, view, 4 * view.depthMm, 0, 'tendon'));
  const across = 3 * (fieldHalfWidthMm(view) + view.depthMm);
  const lines = layers.slice(1, -1).map((layer) => ({
    curve: layer.bottom,
    fromXMm: -across,
    toXMm: across,
    levelDb: random.range(8, 20),
    breakup: random.range(0.1, 0.6),
    isFascia: true,
    sheets: 1,
  }));
  return {
    family: 'tendon',
    seed: random.int(2 ** 31),
    layers,
    lines: [drawSurface(random, view), ...lines],
    bodies: [],
    bones: random.chance(0.7) ? [boneUnder(random, view, bottomMm)] : [],
    artefacts: random.chance(0.3) ? drawSepta(random, view, 1 + random.int(2), true) : [],
  };
}

function fibrils(random: Random, view: ProbeView, bottomMm: number): Layer {
  const angleRad = random.gaussian() * 0.1;
  const bottom = drawCurve(random, bottomMm, view);
  return {
    tissue: 'tendon',
    bottom: { ...bottom, slope: bottom.slope + angleRad },
    echoDb: random.range(-4, 5),
    attenuation: random.range(0.6, 0.9),
    texture: {
      angleRad,
      strengthDb: random.range(4, 9),
      alongMm: random.range(12, 40),
      acrossMm: random.range(0.25, 0.7),
      strokesPerCm2: random.range(15, 60),
      strokeDb: random.range(8, 19),
      strokeMm: random.range(8, 28),
    },
  };
}

/** A long bone surface right below. */
function boneUnder(random: Random, view: ProbeView, tendonMm: number): Bone {
  const bone = drawBone(random, view);
  const halfWidthMm = fieldHalfWidthMm(view) * random.range(0.4, 1.6);
  return {
    ...bone,
    zMm: tendonMm + view.depthMm * random.range(0.02, 0.2),
    halfWidthMm,
    arcMm: halfWidthMm * random.range(1.5, 8),
  };
}

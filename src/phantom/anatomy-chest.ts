import type { AnatomyScript, Bone } from './anatomy.js';
import { drawCurve, drawFat, drawMuscle, drawSkin, drawSurface } from './anatomy-layers.js';
import { drawBone } from './anatomy-parts.js';
import type { Gas } from './artefact.js';
import { fieldHalfWidthMm, type ProbeView } from './probe-view.js';
import type { Random } from './random.js';

/** Draws a chest wall over air: ribs that shade, a bright pleura, A-lines and B-lines below. */
export function drawChest(random: Random, view: ProbeView): AnatomyScript {
  const depthMm = Math.max(7, Math.min(32, view.depthMm * random.range(0.16, 0.45)));
  const pleura = drawPleura(random, view, depthMm);
  return {
    family: 'pleura',
    seed: random.int(2 ** 31),
    layers: [
      drawSkin(random, random.range(1, 2.2)),
      drawFat(random, view, depthMm * random.range(0.25, 0.55)),
      drawMuscle(random, view, depthMm, 0, 'pleura'),
    ],
    lines: [drawSurface(random, view)],
    bodies: [],
    bones: drawRibs(random, view, depthMm),
    artefacts: [pleura],
  };
}

function drawPleura(random: Random, view: ProbeView, depthMm: number): Gas {
  const across = 3 * (fieldHalfWidthMm(view) + view.depthMm);
  const field = fieldHalfWidthMm(view);
  const isWet = random.chance(0.5);
  const bLines: Gas['bLines'][number][] = [];
  for (let count = isWet ? 1 + random.int(5) : 0; count > 0; count--) {
    bLines.push({
      xMm: random.range(-1, 1) * field,
      halfWidthMm: field * random.range(0.03, 0.16),
      levelDb: random.range(-8, 6),
    });
  }
  return {
    kind: 'gas',
    curve: drawCurve(random, depthMm, view),
    fromXMm: -across,
    toXMm: across,
    levelDb: random.range(18, 30),
    breakup: random.range(0, 0.9),
    hazeDb: random.range(-12, 3),
    decayMm: random.range(0.15, 0.8) * view.depthMm,
    aLines: isWet ? random.int(2) : 1 + random.int(4),
    aLineLossDb: random.range(4, 11),
    bLines,
  };
}

/** None to three ribs, evenly spaced, between skin and pleura. */
function drawRibs(random: Random, view: ProbeView, pleuraMm: number): Bone[] {
  const ribs: Bone[] = [];
  const halfWidthMm = random.range(4, 8);
  const spacing = halfWidthMm * random.range(2.6, 4);
  const first = random.range(-0.9, 0.2) * fieldHalfWidthMm(view);
  for (let index = random.int(4); index > 0; index--) {
    ribs.push({
      ...drawBone(random, view),
      xMm: first + (index - 1) * spacing,
      zMm: pleuraMm * random.range(0.5, 0.75),
      halfWidthMm,
      arcMm: halfWidthMm * random.range(1.05, 1.6),
      slope: random.gaussian() * 0.08,
      shadowDb: random.range(30, 70),
    });
  }
  return ribs;
}

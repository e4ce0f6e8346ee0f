import type { AnatomyFamily, Body } from './anatomy.js';
import { drawLump } from './anatomy-parts.js';
import type { Artefact, Column, Septum } from './artefact.js';
import { fieldHalfWidthMm, type ProbeView } from './probe-view.js';
import type { Random } from './random.js';

/** Draws what may disturb any picture: septa, gas, tails, edge shadows, gaps of air. */
export function drawArtefacts(
  random: Random,
  view: ProbeView,
  family: AnatomyFamily,
  bodies: readonly Body[],
): Artefact[] {
  const artefacts: Artefact[] = [];
  const isTissue = family !== 'gel' && family !== 'test-object';
  if (isTissue && random.chance(0.3)) {
    artefacts.push(...drawSepta(random, view, 1 + random.int(3), family !== 'gland'));
  }
  if (isTissue && random.chance(0.06)) artefacts.push(drawBowelGas(random, view));
  if (random.chance(0.1)) artefacts.push(...drawTails(random, view));
  for (const body of bodies) {
    const isRound = body.kind !== 'nerve' && body.radiusXMm > 1.5 && body.radiusXMm < 20;
    if (isRound && random.chance(0.2)) artefacts.push(...edgeShadows(random, view, body));
  }
  if (random.chance(0.07)) artefacts.push(airGap(random, view));
  if (isTissue && random.chance(0.35)) artefacts.push(...drawShades(random, view));
  return artefacts;
}

/** Oblique diffuse sheets. */
export function drawSepta(
  random: Random,
  view: ProbeView,
  count: number,
  isFascia: boolean,
): Septum[] {
  return Array.from({ length: count }, () => {
    const halfLengthMm = view.depthMm * random.range(0.08, 0.4);
    const elevation = random.range(0.1, 1.2);
    return {
      kind: 'septum',
      xMm: random.range(-0.9, 0.9) * fieldHalfWidthMm(view),
      zMm: view.depthMm * random.range(0.15, 0.85),
      angleRad: random.chance(0.5) ? elevation : -elevation,
      halfLengthMm,
      bowMm: random.gaussian() * 0.12 * halfLengthMm,
      thicknessMm: (view.depthMm / 40) * random.logRange(0.15, 0.8),
      levelDb: random.range(6, 17),
      breakup: random.range(0.1, 0.8),
      isFascia,
    };
  });
}

/** A patchy cluster of bright grains that shade; within a body where one is given. */
export function drawCalcifications(random: Random, view: ProbeView, host?: Body): Body[] {
  const field = fieldHalfWidthMm(view);
  const spread = host === undefined ? 0.12 * view.depthMm : 0.5 * host.radiusZMm;
  const xMm = host?.xMm ?? random.range(-0.6, 0.6) * field;
  const zMm = host?.zMm ?? view.depthMm * random.range(0.25, 0.7);
  const grains: Body[] = [];
  for (let count = 3 + random.int(14); count > 0; count--) {
    const size = (view.depthMm / 40) * random.logRange(0.12, 0.8);
    grains.push({
      ...drawLump(random, view, xMm + random.gaussian() * spread, zMm),
      zMm: zMm + random.gaussian() * spread * 0.5,
      radiusXMm: size * random.range(0.8, 2.2),
      radiusZMm: size * random.range(0.5, 1),
      echoDb: random.range(8, 24),
      wallDb: random.range(4, 16),
      wallMm: 0.15,
      attenuation: random.range(0.5, 9),
    });
  }
  return grains;
}

function drawBowelGas(random: Random, view: ProbeView): Artefact {
  const half = fieldHalfWidthMm(view) * random.range(0.15, 0.5);
  const middle = random.range(-0.8, 0.8) * fieldHalfWidthMm(view);
  const baseMm = view.depthMm * random.range(0.35, 0.75);
  return {
    kind: 'gas',
    curve: {
      baseMm: baseMm - random.gaussian() * 0.1 * middle,
      slope: random.gaussian() * 0.1,
      waves: [
        { amplitudeMm: 0.1 * half, wavelengthMm: half * random.range(0.8, 2), phase: baseMm },
      ],
    },
    fromXMm: middle - half,
    toXMm: middle + half,
    levelDb: random.range(12, 26),
    breakup: random.range(0.2, 0.9),
    hazeDb: random.range(-4, 8),
    decayMm: view.depthMm * random.range(0.15, 0.6),
    aLines: random.int(3),
    aLineLossDb: random.range(4, 12),
    bLines: [],
  };
}

/** Ring-down and comet tails: bright columns below a point, some with bars. */
function drawTails(random: Random, view: ProbeView): Column[] {
  return Array.from({ length: 1 + random.int(4) }, () => ({
    kind: 'column',
    xMm: random.range(-0.95, 0.95) * fieldHalfWidthMm(view),
    halfWidthMm: (view.depthMm / 40) * random.logRange(0.3, 2.5),
    fromMm: view.depthMm * random.range(0.1, 0.7),
    lossDb: 0,
    onsetMm: 1,
    echoDb: random.range(3, 17),
    decayMm: view.depthMm * random.range(0.08, 0.9),
    periodMm: random.chance(0.5) ? random.range(0.5, 2.5) : 0,
  }));
}

/** Beams that graze a round outline are bent away: thin shadows at both sides. */
function edgeShadows(random: Random, view: ProbeView, body: Body): Column[] {
  const lossDb = random.range(2, 11);
  // From Cartesian to the position along the face that columns use.
  const reach = view.radiusMm + body.zMm;
  const along = (xMm: number): number =>
    view.geometry === 'linear'
      ? xMm
      : Math.atan2(xMm, reach) * (view.radiusMm + 0.5 * view.depthMm);
  return [-1, 1].map((side) => ({
    kind: 'column',
    xMm: along(body.xMm + 0.97 * side * body.radiusXMm),
    halfWidthMm: random.range(0.4, 1.2),
    fromMm: body.zMm,
    lossDb,
    onsetMm: 2,
    echoDb: null,
    decayMm: 1,
    periodMm: 0,
  }));
}

/** Broad soft shades: tissue is never as even as its layers. */
function drawShades(random: Random, view: ProbeView): Column[] {
  return Array.from({ length: 1 + random.int(3) }, () => ({
    kind: 'column',
    xMm: random.range(-1, 1) * fieldHalfWidthMm(view),
    halfWidthMm: fieldHalfWidthMm(view) * random.range(0.08, 0.5),
    fromMm: view.depthMm * random.range(0, 0.7),
    lossDb: random.range(3, 16),
    onsetMm: view.depthMm * random.range(0.05, 0.4),
    echoDb: null,
    decayMm: 1,
    periodMm: 0,
  }));
}

/** Hair, a bubble, a dry corner: next to nothing comes back from under it, from the top down. */
function airGap(random: Random, view: ProbeView): Column {
  return {
    kind: 'column',
    xMm: random.range(-0.95, 0.95) * fieldHalfWidthMm(view),
    halfWidthMm: fieldHalfWidthMm(view) * random.range(0.05, 0.4),
    fromMm: 0,
    lossDb: random.range(10, 45),
    onsetMm: 1,
    echoDb: random.chance(0.6) ? random.range(0, 12) : null,
    decayMm: random.range(1, 5),
    periodMm: random.range(0.8, 2.5),
  };
}

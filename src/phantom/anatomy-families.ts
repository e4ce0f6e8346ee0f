import type { AnatomyFamily, AnatomyScript, Body, Bone } from './anatomy.js';
import { drawChest } from './anatomy-chest.js';
import { drawGland, drawOrgan } from './anatomy-gland.js';
import { drawLayers, drawLines } from './anatomy-layers.js';
import {
  drawArtery,
  drawBone,
  drawFluid,
  drawLump,
  drawNerve,
  drawVein,
  type NerveLook,
} from './anatomy-parts.js';
import { drawTendon } from './anatomy-tendon.js';
import { drawTestObject } from './anatomy-test-object.js';
import { drawArtefacts } from './artefact-draw.js';
import { fieldHalfWidthMm, type ProbeView } from './probe-view.js';
import type { Random } from './random.js';

/** Families and how often each is drawn, %. */
const SHARES: readonly (readonly [AnatomyFamily, number])[] = [
  ['neurovascular', 17],
  ['roots', 6],
  ['planes', 11],
  ['bony', 6],
  ['longitudinal', 6],
  ['deep-nerve', 6],
  ['gel', 4],
  ['effusion', 5],
  ['test-object', 17],
  ['gland', 9],
  ['organ', 5],
  ['pleura', 4],
  ['tendon', 4],
];

/** Draws the tissue under a probe, of a family by its share unless one is given. */
export function drawAnatomy(
  random: Random,
  view: ProbeView,
  family: AnatomyFamily = drawFamily(random),
): AnatomyScript {
  const anatomy = drawTissue(random, view, family);
  const disturbing = drawArtefacts(random, view, family, anatomy.bodies);
  return { ...anatomy, artefacts: [...anatomy.artefacts, ...disturbing] };
}

function drawFamily(random: Random): AnatomyFamily {
  let left = random.uniform() * SHARES.reduce((sum, [, share]) => sum + share, 0);
  for (const [family, share] of SHARES) {
    left -= share;
    if (left < 0) return family;
  }
  return 'planes';
}

function drawTissue(random: Random, view: ProbeView, family: AnatomyFamily): AnatomyScript {
  switch (family) {
    case 'test-object':
      return drawTestObject(random, view);
    case 'gland':
      return drawGland(random, view);
    case 'organ':
      return drawOrgan(random, view);
    case 'pleura':
      return drawChest(random, view);
    case 'tendon':
      return drawTendon(random, view);
    default:
      return drawLimb(random, view, family);
  }
}

function drawLimb(random: Random, view: ProbeView, family: AnatomyFamily): AnatomyScript {
  const layers = drawLayers(random, view, family);
  const bones = drawBones(random, view, family);
  return {
    family,
    seed: random.int(2 ** 31),
    layers,
    lines: drawLines(random, view, layers, family),
    bodies: drawBodies(random, view, family, bones),
    bones,
    artefacts: [],
  };
}

function drawBones(random: Random, view: ProbeView, family: AnatomyFamily): Bone[] {
  const chance = { bony: 1, effusion: 0.8, planes: 0.35, 'deep-nerve': 0.45, roots: 0.35 }[
    family as string
  ];
  if (!random.chance(chance ?? 0.15) || family === 'gel') return [];
  const bones = [drawBone(random, view)];
  if (family === 'bony' && random.chance(0.4)) bones.push(drawBone(random, view));
  return bones;
}

/** Places bodies one after the other, each where nothing is yet. */
function drawBodies(
  random: Random,
  view: ProbeView,
  family: AnatomyFamily,
  bones: readonly Bone[],
): Body[] {
  const bodies: Body[] = [];
  const add = (make: (xMm: number, zMm: number) => Body, near: Body | null): void => {
    for (let attempt = 0; attempt < 12; attempt++) {
      const reach = fieldHalfWidthMm(view) * 0.85;
      const distance = near === null ? 0 : near.radiusXMm * random.range(1.3, 3);
      const angle = random.range(0, 2 * Math.PI);
      const x = near === null ? random.range(-reach, reach) : near.xMm + distance * Math.cos(angle);
      const z =
        near === null
          ? view.depthMm * random.range(0.22, 0.75)
          : near.zMm + distance * Math.sin(angle) * 0.8;
      const body = make(x, z);
      if (isFree(body, bodies, bones, view)) {
        bodies.push(body);
        return;
      }
    }
  };
  const first = (): Body | null => bodies[0] ?? null;
  const nerve = (look: NerveLook) => (x: number, z: number) => drawNerve(random, view, x, z, look);
  const artery = (x: number, z: number) => drawArtery(random, view, x, z);
  const vein = (x: number, z: number) => drawVein(random, view, x, z);
  switch (family) {
    case 'neurovascular':
      add(artery, null);
      for (let count = 1 + random.int(3); count > 0; count--) {
        add(nerve(random.pick(['honeycomb', 'honeycomb', 'bright', 'root'])), first());
      }
      for (let count = random.int(3); count > 0; count--) add(vein, first());
      break;
    case 'roots':
      add(nerve('root'), null);
      for (let count = 1 + random.int(4); count > 0; count--) add(nerve('root'), first());
      if (random.chance(0.5)) add(artery, null);
      if (random.chance(0.5)) add(vein, null);
      break;
    case 'deep-nerve':
      add(nerve(random.chance(0.6) ? 'bright' : 'honeycomb'), null);
      if (random.chance(0.5)) add(artery, null);
      if (random.chance(0.5)) add(vein, first());
      break;
    case 'effusion':
      add((x, z) => drawFluid(random, view, x, z), null);
      if (random.chance(0.4)) add(nerve('honeycomb'), null);
      break;
    case 'gel':
      for (let count = random.int(4); count > 0; count--) {
        add((x, z) => (random.chance(0.5) ? drawFluid : drawLump)(random, view, x, z), null);
      }
      break;
    default:
      if (random.chance(0.6)) add(nerve(random.pick(['honeycomb', 'bright'])), null);
      if (random.chance(0.4)) add(artery, null);
      if (random.chance(0.4)) add(vein, null);
      if (random.chance(0.3)) add((x, z) => drawLump(random, view, x, z), null);
  }
  return [...drawPatches(random, view, bodies), ...bodies];
}

/** Bright connective tissue around structures; painted first, so that they lie in it. */
function drawPatches(random: Random, view: ProbeView, bodies: readonly Body[]): Body[] {
  const patches: Body[] = [];
  for (const body of bodies) {
    if (!random.chance(0.4)) continue;
    const xMm = body.xMm + random.gaussian() * body.radiusXMm;
    const zMm = body.zMm + random.gaussian() * body.radiusZMm;
    const patch = drawLump(random, view, xMm, zMm);
    patches.push({
      ...patch,
      radiusXMm: body.radiusXMm * random.range(1.2, 2.4),
      radiusZMm: body.radiusZMm * random.range(1.1, 1.8),
      echoDb: random.range(2, 9),
      wallDb: -40,
    });
  }
  return patches;
}

function isFree(
  body: Body,
  bodies: readonly Body[],
  bones: readonly Bone[],
  view: ProbeView,
): boolean {
  if (body.zMm - body.radiusZMm < 2 || body.zMm > view.depthMm * 0.92) return false;
  for (const bone of bones) {
    const isUnder = Math.abs(body.xMm - bone.xMm) < bone.halfWidthMm + body.radiusXMm;
    if (isUnder && body.zMm + body.radiusZMm > bone.zMm) return false;
  }
  for (const other of bodies) {
    const dx = (body.xMm - other.xMm) / (body.radiusXMm + other.radiusXMm);
    const dz = (body.zMm - other.zMm) / (body.radiusZMm + other.radiusZMm);
    if (dx * dx + dz * dz < 1) return false;
  }
  return true;
}

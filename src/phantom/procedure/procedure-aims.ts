import { type Body, type BodyPosition, locateInBody } from '../anatomy.js';
import type { ProbeView } from '../probe-view.js';
import type { Random } from '../random.js';

/** Where a leg of the needle's way ends, in the probe's frame, and what it is about. */
export interface Aim {
  readonly kind: 'approach' | 'near-miss' | 'vessel-entry' | 'target';
  readonly xMm: number;
  readonly zMm: number;
  readonly structure: Protected['kind'] | null;
}

/** A body that must not be entered. */
export type Protected = Body & { readonly kind: 'nerve' | 'artery' | 'vein' };

/** What aims are drawn from. */
export interface AimScene {
  readonly view: ProbeView;
  readonly entry: { readonly xMm: number; readonly zMm: number };
  readonly bodies: readonly Protected[];
}

/** Steps along a needle's way, mm. */
const STEP_MM = 0.1;
/** Needles go in between these angles below the horizontal, degrees. */
const ANGLE_MIN_DEG = 12;
const ANGLE_MAX_DEG = 62;
/** Ways that are not about a structure keep this far from it, mm. */
const KEEP_OFF_MM = 2.2;

/** Draws the end of a leg, or null where the scene has none that the needle reaches freely. */
export function drawAim(random: Random, kind: Aim['kind'], scene: AimScene): Aim | null {
  for (let attempt = 0; attempt < 40; attempt++) {
    const aim = proposeAim(random, kind, scene);
    if (aim !== null && isReachable(aim, scene)) return aim;
  }
  return null;
}

function proposeAim(random: Random, kind: Aim['kind'], scene: AimScene): Aim | null {
  const { view, bodies } = scene;
  if (kind === 'approach') {
    const xMm = random.range(-0.6, 0.6) * view.halfWidthMm;
    const zMm = random.range(0.2, 0.75) * view.depthMm;
    return { kind, xMm, zMm, structure: null };
  }
  if (kind === 'target') {
    const nerve = bodies.find((body) => body.kind === 'nerve');
    if (nerve === undefined) return null;
    const offMm = nerve.radiusZMm + random.range(2.4, 4);
    const zMm = nerve.zMm + (random.chance(0.5) ? offMm : -offMm);
    return { kind, xMm: nerve.xMm + random.range(-2, 2), zMm, structure: null };
  }
  const wanted = bodies.filter((body) => kind === 'near-miss' || body.kind !== 'nerve');
  if (wanted.length === 0) return null;
  const body = random.pick(wanted);
  const inside = 0.5 * Math.min(body.radiusXMm, body.radiusZMm);
  const stopMm = kind === 'near-miss' ? random.range(0.5, 1.6) : -inside;
  const point = firstWithin(scene.entry, body, stopMm);
  return point === null ? null : { kind, ...point, structure: body.kind };
}

/** The first point of the way from the entry to a body's middle that is so near to its outline. */
function firstWithin(
  entry: AimScene['entry'],
  body: Body,
  signedMm: number,
): { readonly xMm: number; readonly zMm: number } | null {
  const reach = Math.hypot(body.xMm - entry.xMm, body.zMm - entry.zMm);
  const position = newPosition();
  for (let along = 0; along <= reach; along += STEP_MM) {
    const xMm = entry.xMm + ((body.xMm - entry.xMm) * along) / reach;
    const zMm = entry.zMm + ((body.zMm - entry.zMm) * along) / reach;
    locateInBody(body, xMm, zMm, position);
    if (position.signedMm <= signedMm) return { xMm, zMm };
  }
  return null;
}

function isReachable(aim: Aim, { view, entry, bodies }: AimScene): boolean {
  const dx = aim.xMm - entry.xMm;
  const dz = aim.zMm - entry.zMm;
  const angleDeg = (Math.atan2(dz, Math.abs(dx)) * 180) / Math.PI;
  if (angleDeg < ANGLE_MIN_DEG || angleDeg > ANGLE_MAX_DEG) return false;
  if (Math.abs(aim.xMm) > 0.75 * view.halfWidthMm || aim.zMm > view.depthMm - 3) return false;
  const reach = Math.hypot(dx, dz);
  const position = newPosition();
  for (const body of bodies) {
    if (body.kind === aim.structure) continue;
    for (let along = 0; along <= reach; along += 4 * STEP_MM) {
      const share = along / reach;
      locateInBody(body, entry.xMm + dx * share, entry.zMm + dz * share, position);
      if (position.signedMm < KEEP_OFF_MM) return false;
    }
  }
  return true;
}

function newPosition(): BodyPosition {
  return { scale: 0, signedMm: 0, normalX: 0, normalZ: 0 };
}

import type { PointPx, RectPx, SegmentPx } from '../../../src/domain/geometry.js';
import type { SpreadPlan } from '../../../src/domain/guidance-plan.js';
import { absentNeedle, type Needle } from '../../../src/domain/needle.js';
import { createRandom } from '../../../src/phantom/random.js';
import type { FrameTrack } from '../../../src/pipeline/frame-context.js';
import type { Picture } from '../../../src/pipeline/spread/background.js';
import { type SpreadOutput, spreadStage } from '../../../src/pipeline/spread/spread.js';
import { frameContext } from '../../support/frame-context.js';

export const SIDE_PX = 256;
export const SPACING = { xMm: 0.15, yMm: 0.15 };
export const TIP: PointPx = { xPx: 128, yPx: 110 };
const FRAME_US = 33_333;
const LEVEL = 90;

const texture = makeTexture();

function makeTexture(): Float32Array {
  const random = createRandom(3);
  return Float32Array.from({ length: SIDE_PX * SIDE_PX }, () => 8 * random.gaussian());
}

/** A disc or a column of another level in a textured picture. */
export interface Patch {
  readonly centre: PointPx;
  readonly radiusPx: number;
  readonly level: number;
  /** Down to the bottom of the picture, as a shadow is. */
  readonly isShadow?: boolean;
}

/** The tissue, displaced, with patches in it; the first patch lies on top. */
export function picture(patches: readonly Patch[], shift: PointPx = { xPx: 0, yPx: 0 }): Picture {
  const intensity = new Uint8Array(SIDE_PX * SIDE_PX);
  const slow = new Uint8Array(SIDE_PX * SIDE_PX).fill(128);
  const paint = (x: number, y: number, level: number): void => {
    const from = wrapped(y - shift.yPx) * SIDE_PX + wrapped(x - shift.xPx);
    intensity[y * SIDE_PX + x] = Math.max(0, level + (texture[from] ?? 0));
  };
  for (let y = 0; y < SIDE_PX; y++) {
    for (let x = 0; x < SIDE_PX; x++) paint(x, y, LEVEL);
  }
  for (const patch of patches.toReversed()) {
    const { centre, radiusPx, level, isShadow } = patch;
    const top = Math.max(0, Math.ceil(centre.yPx - radiusPx));
    const bottom = isShadow === true ? SIDE_PX - 1 : Math.floor(centre.yPx + radiusPx);
    const left = Math.max(0, Math.ceil(centre.xPx - radiusPx));
    const right = Math.min(SIDE_PX - 1, Math.floor(centre.xPx + radiusPx));
    for (let y = top; y <= Math.min(SIDE_PX - 1, bottom); y++) {
      for (let x = left; x <= right; x++) if (holds(patch, x, y)) paint(x, y, level);
    }
  }
  return { intensity, slow, neutral: 128, widthPx: SIDE_PX, heightPx: SIDE_PX };
}

function wrapped(at: number): number {
  return (at + SIDE_PX) % SIDE_PX;
}

function holds({ centre, radiusPx, isShadow }: Patch, x: number, y: number): boolean {
  const dx = x - centre.xPx;
  const dy = isShadow === true ? Math.min(0, y - centre.yPx) : y - centre.yPx;
  return Math.hypot(dx, dy) <= radiusPx;
}

/** Radius in px of a disc of that area. */
export function radiusPx(areaMm2: number): number {
  return Math.sqrt(areaMm2 / Math.PI) / SPACING.xMm;
}

/** What a scene shows in a frame; time is since the injection was marked. */
export interface InjectedFrame {
  readonly picture: Picture;
  readonly tissueShiftPx?: PointPx;
  readonly structures?: FrameTrack['structures'];
  readonly region?: RectPx;
  readonly tip?: PointPx | null;
  /** Up to the tip; not in the picture. */
  readonly shaft?: SegmentPx;
}

/** Plays a scene at 30 frames a second from the injection on; the last frame's findings. */
export function play(
  frames: number,
  frameAt: (timeS: number) => InjectedFrame,
  changes: Partial<SpreadPlan> = {},
): SpreadOutput & { readonly all: readonly SpreadOutput[] } {
  const memory = spreadStage.createState();
  const injection = { id: 1, startedAtUs: 0, endedAtUs: null };
  const plan: SpreadPlan = { injection, notSeenAfterMs: 3000, isResearch: false, ...changes };
  const all: SpreadOutput[] = [];
  for (let index = 0; index < frames; index++) {
    const nowUs = index * FRAME_US;
    const { tissueShiftPx, region, structures, tip, shaft, picture: shown } = frameAt(nowUs / 1e6);
    const context = frameContext(SPACING, {
      ...(region !== undefined && { region }),
      ...(tissueShiftPx !== undefined && { tissueShiftPx }),
    });
    const track = {
      needle: { ...needleAt(tip), shaft: shaft ?? null },
      motion: null,
      structures: structures ?? [],
    };
    all.push(spreadStage.step(memory, { picture: shown, track, context, plan }, nowUs));
  }
  const last = all.at(-1);
  if (last === undefined) throw new Error('Expected at least one frame.');
  return { ...last, all };
}

function needleAt(tip: PointPx | null = TIP): Needle {
  const none = absentNeedle('no-needle');
  return tip === null ? none : { ...none, state: 'tip-visible', tip, tipReason: null };
}

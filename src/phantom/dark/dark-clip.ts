import type { SimulatedClip } from '../../domain/phantom-clip.js';
import type { Random } from '../random.js';
import { drawFurniture } from '../screen-furniture.js';
import { type DarkView, drawDarkView } from './dark-view.js';
import { frameWithoutTissue } from './frame-without-tissue.js';
import { addReverberation, addRingDown, addSpot, type DarkSpot } from './near-field.js';
import { createNoiseFloor, type NoiseFloor } from './noise-floor.js';
import { addWall, drawBubbles, drawWires } from './water-tank.js';

const FRAME_INTERVAL_US = 33_333;

/** What a picture without tissue is of. */
export type DarkKind = 'ring-down' | 'tank' | 'gel' | 'air' | 'noise';
const KINDS: readonly DarkKind[] = [
  ...(['ring-down', 'ring-down', 'ring-down', 'tank', 'tank', 'tank'] as const),
  ...(['gel', 'air', 'air', 'air', 'air', 'noise', 'noise', 'noise'] as const),
];

/**
 * A clip without tissue and without a needle: the probe's own ring-down in a black picture, wires
 * in a water tank, gel, air, or the receiver's noise alone; still or nearly so. Everything in it is
 * background. In a tank and in gel nobody says what contact or quality is: both are NaN.
 */
export function createDarkClip(random: Random, kind = random.pick(KINDS)): SimulatedClip {
  const widthPx = 200 + random.int(260);
  const heightPx = 200 + random.int(260);
  const view = drawDarkView(random.fork('view'), widthPx, heightPx);
  const scene = drawDarkScene(random.fork('scene'), view, kind);
  const said = kind === 'tank' || kind === 'gel' ? Number.NaN : 0;
  let index = 0;
  return {
    widthPx,
    heightPx,
    probeGeometry: 'unknown',
    frameIntervalUs: FRAME_INTERVAL_US,
    family: `other-${kind}`,
    nextFrame: () => {
      const data = drawFrame(scene, view, index, random);
      return frameWithoutTissue(data, widthPx, heightPx, FRAME_INTERVAL_US * index++, said);
    },
  };
}

interface DarkScene {
  /** The screen around the echo data. */
  readonly backdrop: Uint8Array;
  /** Gray levels of what does not move, without noise. */
  readonly still: Float32Array;
  readonly spots: readonly DarkSpot[];
  /** How the spots move from frame to frame. */
  readonly drift: { readonly across: number; readonly depthPx: number };
  /** Standard deviation of the gain from frame to frame. */
  readonly flicker: number;
  readonly noise: NoiseFloor;
  /** Levels below this are shown black. */
  readonly cut: number;
}

function drawDarkScene(random: Random, view: DarkView, kind: DarkKind): DarkScene {
  const { widthPx, heightPx } = view;
  const still = new Float32Array(widthPx * heightPx);
  const isRinging = { 'ring-down': 1, tank: 0.75, gel: 0.6, air: 0.5, noise: 0 }[kind];
  if (random.chance(isRinging)) addRingDown(still, view, random.fork('ring-down'));
  if (kind === 'air') addReverberation(still, view, random.fork('air'));
  if (kind === 'tank') {
    for (let walls = random.pick([0, 0, 1, 1, 2]); walls > 0; walls--) {
      addWall(still, view, random.fork(`wall ${walls}`));
    }
  }
  const bubbles = kind === 'gel' ? drawBubbles(random, view) : [];
  const moves = random.chance(0.4);
  const level = random.chance(kind === 'noise' ? 0.1 : 0.35) ? 0 : random.logRange(1.5, 50);
  return {
    backdrop: drawBackdrop(random.fork('screen'), view),
    still,
    spots: kind === 'tank' ? drawWires(random, view) : bubbles,
    drift: {
      across: moves ? 0.004 * random.gaussian() : 0,
      depthPx: moves ? 0.6 * random.gaussian() : 0,
    },
    flicker: random.chance(0.5) ? random.range(0, 0.04) : 0,
    noise: createNoiseFloor(random.fork('noise'), view, kind === 'gel' ? level + 4 : level),
    cut: random.chance(0.4) ? random.range(0, 25) : 0,
  };
}

function drawBackdrop(random: Random, view: DarkView): Uint8Array {
  const { widthPx, heightPx, isEcho } = view;
  const screen = new Uint8Array(widthPx * heightPx);
  if (random.chance(0.12)) screen.fill(random.int(50));
  if (random.chance(0.4)) drawFurniture(random, screen, widthPx, heightPx, isEcho);
  return screen;
}

function drawFrame(scene: DarkScene, view: DarkView, index: number, random: Random): Uint8Array {
  const { drift, cut } = scene;
  const levels = scene.still.slice();
  for (const spot of scene.spots) {
    const across = spot.across + index * drift.across;
    addSpot(levels, view, { ...spot, across, depthPx: spot.depthPx + index * drift.depthPx });
  }
  const gain = 1 + scene.flicker * random.gaussian();
  scene.noise.addTo(levels, random, gain);
  const screen = scene.backdrop.slice();
  for (let pixel = 0; pixel < screen.length; pixel++) {
    if (view.isEcho[pixel] === 0) continue;
    const level = levels[pixel] as number;
    screen[pixel] = level < cut ? 0 : Math.min(255, Math.round(level));
  }
  return screen;
}

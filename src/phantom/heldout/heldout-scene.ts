import { type PaintedAnatomy, paintAnatomy } from './heldout-anatomy.js';
import type { HeldoutImaging } from './heldout-imaging.js';
import {
  createHeldoutNeedle,
  type HeldoutNeedle,
  needleDirection,
  needlePoint,
  type PlacePx,
  type Reaches,
  shaftDb,
} from './heldout-needle.js';
import { createNeedleEcho, type NeedleEcho } from './heldout-needle-echo.js';
import { at, createHeldoutRandom, type HeldoutRandom } from './heldout-random.js';
import { heldoutStratum } from './heldout-stratum.js';
import { createPointSpread, localLevelDb, sumWavelets, transmission } from './heldout-texture.js';
import type { TissueMap } from './heldout-tissue.js';
import type { NeedleMoment, Surroundings } from './heldout-truth.js';
import { createHeldoutView, type HeldoutView, isInEcho } from './heldout-view.js';

/** All that stays the same over a clip. */
export interface HeldoutScene {
  readonly view: HeldoutView;
  readonly anatomy: PaintedAnatomy;
  /** Two independent speckle fields of the same tissue, interleaved complex. */
  readonly fields: { readonly first: Float32Array; readonly second: Float32Array };
  /** null in a needle-free clip without a needle-like line. */
  readonly needle: HeldoutNeedle | null;
  readonly needleEcho: NeedleEcho | null;
  /** A second needle, which lies still; null without one. */
  readonly resting: { readonly needle: HeldoutNeedle; readonly echo: NeedleEcho } | null;
  /** True when `needle` is only a line of the tissue that looks like one. */
  readonly isStaticLine: boolean;
  /** Where the needle moves with the tissue, tissue pixels. */
  readonly target: PlacePx;
  tipAt(advancedPx: number): PlacePx;
  surroundings(imaging: HeldoutImaging, moment: NeedleMoment): Surroundings;
}

/** Builds the scene of a seed, with a second, resting needle if wanted and if there is a first. */
export function createHeldoutScene(
  seed: number,
  { widthPx, heightPx }: Pick<HeldoutView, 'widthPx' | 'heightPx'>,
  hasResting: boolean,
): HeldoutScene {
  const stratum = heldoutStratum(seed);
  const view = createHeldoutView(
    createHeldoutRandom(seed, 'view'),
    stratum.probe,
    widthPx,
    heightPx,
  );
  const anatomy = paintAnatomy(view, createHeldoutRandom(seed, 'anatomy'), stratum.distractor);
  const { map } = anatomy;
  const textureRandom = createHeldoutRandom(seed, 'texture');
  const spread = createPointSpread(textureRandom, view);
  const transmissionDb = transmission(map, view);
  const fields = {
    first: sumWavelets(map, view, spread, transmissionDb, textureRandom),
    second: sumWavelets(map, view, spread, transmissionDb, textureRandom),
  };
  const wayDb = (xPx: number, yPx: number): number =>
    sampleNearest(map, transmissionDb, xPx + map.marginXPx, yPx + map.marginYPx);
  const reaches: Reaches = (xPx, yPx) => wayDb(xPx, yPx) > -10;
  const isStaticLine = stratum.distractor === 'needle-like-line';
  const needleRandom = createHeldoutRandom(seed, 'needle');
  const drawn = (from: HeldoutRandom, kind: HeldoutNeedle['kind']): HeldoutNeedle =>
    raisedAboveTissue(
      createHeldoutNeedle(from, view, map, kind, reaches),
      view,
      map,
      transmissionDb,
    );
  const needle = isStaticLine
    ? needleLikeLine(needleRandom, view, map, reaches)
    : stratum.needle === 'needle-free'
      ? null
      : drawn(needleRandom, stratum.needle);
  const echoOf = (one: HeldoutNeedle, part: string): NeedleEcho =>
    createNeedleEcho(one, view, spread, wayDb, createHeldoutRandom(seed, part));
  const resting =
    needle === null || isStaticLine || !hasResting
      ? null
      : restingNeedle(createHeldoutRandom(seed, 'resting-needle'), needle, view, drawn);
  const target =
    needle === null
      ? { xPx: map.widthPx / 2, yPx: map.heightPx / 2 }
      : { xPx: needle.targetXPx, yPx: needle.targetYPx };
  return {
    view,
    anatomy,
    fields,
    needle,
    needleEcho: needle === null ? null : echoOf(needle, 'needle-scatterers'),
    resting: resting && { needle: resting, echo: echoOf(resting, 'resting-scatterers') },
    isStaticLine,
    target,
    tipAt: (advancedPx) => (needle === null ? target : needlePoint(needle, advancedPx, 0)),
    surroundings: (imaging, moment) => ({
      transmissionDb: wayDb,
      levelDb: levelsAround(view, map, transmissionDb, imaging, moment),
    }),
  };
}

function levelsAround(
  view: HeldoutView,
  map: TissueMap,
  transmissionDb: Float32Array,
  imaging: HeldoutImaging,
  moment: NeedleMoment,
): Surroundings['levelDb'] {
  return (xPx, yPx) => {
    const x = xPx + moment.offsetXPx;
    const y = yPx + moment.offsetYPx;
    const gain = at(imaging.gain, clampedIndex(view, xPx, yPx));
    const hidden = Math.max(imaging.noiseDb, imaging.floorDb) - 20 * Math.log10(gain);
    return Math.max(localLevelDb(map, transmissionDb, x, y), hidden);
  };
}

function clampedIndex(view: HeldoutView, xPx: number, yPx: number): number {
  const x = Math.min(view.widthPx - 1, Math.max(0, Math.round(xPx)));
  const y = Math.min(view.heightPx - 1, Math.max(0, Math.round(yPx)));
  return y * view.widthPx + x;
}

function sampleNearest(map: TissueMap, values: Float32Array, x: number, y: number): number {
  const column = Math.min(map.widthPx - 1, Math.max(0, Math.round(x)));
  const row = Math.min(map.heightPx - 1, Math.max(0, Math.round(y)));
  return at(values, row * map.widthPx + column);
}

/** A line of the tissue with the needle's own look but no tip: it ends anywhere or nowhere. */
function needleLikeLine(
  random: HeldoutRandom,
  view: HeldoutView,
  map: TissueMap,
  reaches: Reaches,
): HeldoutNeedle {
  const base = createHeldoutNeedle(random, view, map, 'in-plane-visible-tip', reaches);
  const crosses = random.chance(0.4);
  const fadePx = random.between(0.1, 0.3) * view.heightPx;
  const startPx = crosses ? -2 * view.widthPx : 0;
  return {
    ...base,
    targetXPx: base.targetXPx + (crosses ? base.directionX * view.widthPx : 0),
    targetYPx: base.targetYPx + (crosses ? base.directionY * view.widthPx : 0),
    lengthPx: crosses ? 3 * view.widthPx : random.between(0.25, 0.7) * view.widthPx,
    bendPerPx: base.bendPerPx + random.normal() * 0.0016,
    peakDb: base.peakDb - random.between(0, 5),
    flareDb: 0,
    shadowDb: 0,
    inPlane: (u, t) => base.inPlane(u + 40, t) * Math.min(1, Math.max(0, (u - startPx) / fadePx)),
  };
}

/** Tips of two needles are this far apart at least, as a share of the image's height. */
const APART_SHARE = 0.25;
const ATTEMPTS = 30;

/** A needle whose tip lies apart from the way of the other's; null where no place was found. */
function restingNeedle(
  random: HeldoutRandom,
  followed: HeldoutNeedle,
  view: HeldoutView,
  draw: (random: HeldoutRandom, kind: HeldoutNeedle['kind']) => HeldoutNeedle,
): HeldoutNeedle | null {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const drawn = draw(random, 'in-plane-visible-tip');
    const apartPx = Math.hypot(
      drawn.targetXPx - followed.targetXPx,
      drawn.targetYPx - followed.targetYPx,
    );
    if (apartPx >= APART_SHARE * view.heightPx) return drawn;
  }
  return null;
}

/** A needle in the visible-tip stratum is made at least 11 dB brighter than where its tip is. */
function raisedAboveTissue(
  needle: HeldoutNeedle,
  view: HeldoutView,
  map: TissueMap,
  transmissionDb: Float32Array,
): HeldoutNeedle {
  if (needle.kind !== 'in-plane-visible-tip') return needle;
  const x = needle.targetXPx - map.marginXPx;
  const y = needle.targetYPx - map.marginYPx;
  if (!isInEcho(view, x, y)) return needle;
  const around = localLevelDb(map, transmissionDb, needle.targetXPx, needle.targetYPx);
  const loss = sampleNearest(map, transmissionDb, needle.targetXPx, needle.targetYPx);
  const direction = needleDirection(needle, 0, 0);
  const contrast = shaftDb(needle, view, x, y, direction) + loss - around;
  const missing = Math.min(12, Math.max(0, 11 - contrast));
  return { ...needle, peakDb: needle.peakDb + missing };
}

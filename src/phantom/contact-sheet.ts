import type { LabelMap, NeedleTruth } from '../domain/ground-truth.js';
import type { SimulatedFrame } from '../domain/phantom-clip.js';

/** An RGB image, three bytes a pixel, row-major. Encoding it as a file is the caller's. */
export interface RgbImage {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly data: Uint8Array;
}

export interface ContactSheetOptions {
  readonly columns: number;
  /** Draw structures, shaft and tip over the pictures. */
  readonly showTruth: boolean;
}

/** Colours of `PHANTOM_CLASSES` by label; background is not drawn. */
const CLASS_COLOURS: readonly (readonly [number, number, number])[] = [
  [0, 0, 0],
  [240, 228, 66],
  [213, 94, 0],
  [0, 114, 178],
  [255, 255, 255],
  [204, 121, 167],
  [120, 70, 40],
  [86, 180, 233],
  [0, 158, 115],
];
const GAP_PX = 4;

/** Lays frames of one size out in rows, four pixels apart. */
export function layContactSheet(
  frames: readonly SimulatedFrame[],
  options: ContactSheetOptions,
): RgbImage {
  const first = frames[0];
  if (first === undefined) throw new Error('Assertion failed: a contact sheet needs frames');
  const { widthPx: cellWidth, heightPx: cellHeight } = first.image;
  const rows = Math.ceil(frames.length / options.columns);
  const widthPx = options.columns * (cellWidth + GAP_PX);
  const heightPx = rows * (cellHeight + GAP_PX);
  const sheet = { widthPx, heightPx, data: new Uint8Array(3 * widthPx * heightPx).fill(40) };
  frames.forEach((frame, index) => {
    const left = (index % options.columns) * (cellWidth + GAP_PX);
    const top = Math.floor(index / options.columns) * (cellHeight + GAP_PX);
    drawFrame(sheet, frame, left, top);
    if (!options.showTruth) return;
    drawOutlines(sheet, frame, left, top);
    drawNeedles(frame, sheet, left, top);
  });
  return sheet;
}

type Colour = readonly [number, number, number];

function put(sheet: RgbImage, x: number, y: number, colour: Colour): void {
  if (x < 0 || y < 0 || x >= sheet.widthPx || y >= sheet.heightPx) return;
  sheet.data.set(colour, 3 * (y * sheet.widthPx + x));
}

function drawFrame(sheet: RgbImage, frame: SimulatedFrame, left: number, top: number): void {
  const { image } = frame;
  for (let y = 0; y < image.heightPx; y++) {
    for (let x = 0; x < image.widthPx; x++) {
      const level = image.data[y * image.strideBytes + x] ?? 0;
      put(sheet, left + x, top + y, [level, level, level]);
    }
  }
}

/** Colours pixels whose right or lower neighbour has another label. */
function drawOutlines(sheet: RgbImage, frame: SimulatedFrame, left: number, top: number): void {
  const { labels } = frame.truth;
  for (let y = 0; y + 1 < labels.heightPx; y++) {
    for (let x = 0; x + 1 < labels.widthPx; x++) {
      const at = y * labels.widthPx + x;
      const here = labelShown(labels, at);
      const right = labelShown(labels, at + 1);
      const below = labelShown(labels, at + labels.widthPx);
      if (here === right && here === below) continue;
      const colour = CLASS_COLOURS[here || right || below];
      if (colour !== undefined) put(sheet, left + x, top + y, colour);
    }
  }
}

/** Muscle is everywhere and would bury the rest: it counts as background here. */
function labelShown(labels: LabelMap, at: number): number {
  const label = labels.data[at] ?? 0;
  return labels.classes[label] === 'muscle' ? 0 : label;
}

/** Green the needle that is followed, blue one that rests; a red ring where a tip is not seen. */
function drawNeedles({ truth }: SimulatedFrame, sheet: RgbImage, left: number, top: number): void {
  if (truth.needle !== null) drawNeedle(sheet, truth.needle, [0, 255, 0], left, top);
  const { restingNeedle } = truth;
  if (restingNeedle !== undefined) drawNeedle(sheet, restingNeedle, [80, 160, 255], left, top);
}

function drawNeedle(
  sheet: RgbImage,
  needle: NeedleTruth,
  seen: Colour,
  left: number,
  top: number,
): void {
  if (needle.shaft !== null) {
    const { from, to } = needle.shaft;
    const length = Math.hypot(to.xPx - from.xPx, to.yPx - from.yPx);
    for (let step = 0; step <= length; step += 6) {
      const share = step / Math.max(1, length);
      const x = Math.round(left + from.xPx + (to.xPx - from.xPx) * share);
      const y = Math.round(top + from.yPx + (to.yPx - from.yPx) * share);
      put(sheet, x, y, seen);
    }
  }
  const colour: Colour = needle.tipVisible ? seen : [255, 0, 0];
  for (let step = 0; step < 40; step++) {
    const angle = (2 * Math.PI * step) / 40;
    const x = Math.round(left + needle.tip.xPx + 6 * Math.cos(angle));
    const y = Math.round(top + needle.tip.yPx + 6 * Math.sin(angle));
    put(sheet, x, y, colour);
  }
}

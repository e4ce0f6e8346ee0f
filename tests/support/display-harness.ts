/**
 * Runs inside the browser: draws scripted scenes through the SDK, as a host application does, and
 * measures on the canvas what was drawn. Bundled by `display-sdk.ts`.
 */
import {
  createOverlayRenderer,
  drawPicture,
  fitViewport,
  NOTHING_HIDDEN,
  toCanvas,
  type Viewport,
} from '../../src/display/index.js';
import type { Frame } from '../../src/domain/frame.js';
import type { PointPx } from '../../src/domain/geometry.js';
import type { Overlay } from '../../src/domain/overlay.js';

/** One picture with its overlay, and how it is looked at. */
export interface ScriptedScene {
  readonly frame: Pick<Frame, 'widthPx' | 'heightPx' | 'orientation' | 'spacing'>;
  readonly overlay: Overlay | null;
  readonly opacity: number;
  readonly notice: string | null;
  readonly devicePixelRatio: number;
  readonly zoom: number;
  readonly centre: PointPx | null;
  readonly isMirrored: boolean;
  readonly cssSize: { readonly width: number; readonly height: number };
}

type Rgb = readonly [number, number, number];

const renderer = createOverlayRenderer();
const canvas = document.createElement('canvas');
const context = canvas.getContext('2d', { alpha: false, willReadFrequently: true });
if (context === null) throw new Error('no canvas');
document.body.append(canvas);
document.body.style.margin = '0';
const ground = document.createElement('canvas');
let nowUs = 0;

/** Sets the gray picture that scenes are drawn over; base64 of one byte a pixel, or one value. */
export function setPicture(widthPx: number, heightPx: number, gray: number | string): void {
  ground.width = widthPx;
  ground.height = heightPx;
  const groundContext = ground.getContext('2d');
  const image = groundContext?.createImageData(widthPx, heightPx);
  if (!image) throw new Error('no canvas');
  const bytes = typeof gray === 'string' ? atob(gray) : '';
  for (let at = 0; at < widthPx * heightPx; at += 1) {
    const value = typeof gray === 'string' ? bytes.charCodeAt(at) : gray;
    image.data.set([value, value, value, 255], at * 4);
  }
  groundContext?.putImageData(image, 0, 0);
}

/** Draws a scene on the page's canvas. */
export function draw(scene: ScriptedScene): Viewport {
  if (context === null) throw new Error('no canvas');
  const ratio = scene.devicePixelRatio;
  const width = Math.round(scene.cssSize.width * ratio);
  const height = Math.round(scene.cssSize.height * ratio);
  if (canvas.width !== width || canvas.height !== height) {
    canvas.width = width;
    canvas.height = height;
    canvas.style.width = `${scene.cssSize.width}px`;
    canvas.style.display = 'block';
  }
  const viewport = fitViewport({
    image: scene.frame,
    canvas: { width, height },
    devicePixelRatio: ratio,
    spacing: scene.frame.spacing,
    zoom: scene.zoom,
    centre: scene.centre,
    isMirrored: scene.isMirrored,
    marginCssPx: { x: 46, y: 28 },
  });
  context.globalAlpha = 1;
  context.fillStyle = '#07090b';
  context.fillRect(0, 0, width, height);
  drawPicture(context, ground, viewport, 1);
  drawOver(scene, viewport);
  return viewport;
}

function drawOver(scene: ScriptedScene, viewport: Viewport): void {
  const { overlay, opacity, notice } = scene;
  const shown = { picture: scene.frame, overlay, opacity, notice, hiddenClasses: NOTHING_HIDDEN };
  nowUs += 1_000_000;
  renderer.draw(context as CanvasRenderingContext2D, shown, viewport, nowUs);
}

/** How long drawing took, ms, until the pixels were there: median and the 95th of 100. */
export interface DrawTime {
  readonly medianMs: number;
  readonly p95Ms: number;
}

/** Draws a scene again and again: the overlay alone, and with its picture below it. */
export function timeDraws(scene: ScriptedScene): { overlay: DrawTime; whole: DrawTime } {
  const viewport = draw(scene);
  return {
    overlay: timesOf(() => drawOver(scene, viewport)),
    whole: timesOf(() => draw(scene)),
  };
}

function timesOf(drawOnce: () => void): DrawTime {
  const times = Array.from({ length: 230 }, () => {
    const from = performance.now();
    drawOnce();
    context?.getImageData(0, 0, 1, 1);
    return performance.now() - from;
  });
  const sorted = times.slice(30).sort((a, b) => a - b);
  return { medianMs: sorted[100] ?? 0, p95Ms: sorted[190] ?? 0 };
}

function pixelReader(): (x: number, y: number) => Rgb {
  const { data, width } = (context as CanvasRenderingContext2D).getImageData(
    0,
    0,
    canvas.width,
    canvas.height,
  );
  return (x, y) => {
    const at = (Math.round(y - 0.5) * width + Math.round(x - 0.5)) * 4;
    return [data[at] ?? 0, data[at + 1] ?? 0, data[at + 2] ?? 0];
  };
}

/** How far the drawn line is from where it should be along one ray, device px; null = not found. */
function offsetAlong(
  read: (x: number, y: number) => Rgb,
  isLine: (rgb: Rgb) => boolean,
  at: { x: number; y: number },
  direction: { x: number; y: number },
  reach: number,
): number | null {
  let sum = 0;
  let count = 0;
  for (let r = -reach; r <= reach; r += 0.25) {
    if (!isLine(read(at.x + r * direction.x, at.y + r * direction.y))) continue;
    sum += r;
    count += 1;
  }
  return count === 0 ? null : sum / count;
}

/** Draws, and gives the ring's offset from the overlay's tip and radius in 32 directions. */
export function ringOffsets(scene: ScriptedScene): (number | null)[] {
  const viewport = draw(scene);
  const needle = scene.overlay?.needle;
  if (needle?.tip == null || needle.radius90Px === null) throw new Error('no tip');
  const centre = toCanvas(viewport, needle.tip);
  const radius = needle.radius90Px * viewport.scaleX;
  const read = pixelReader();
  return Array.from({ length: 32 }, (_, index) => {
    // Half a step off the axes, where the cross-hair is.
    const angle = ((index + 0.5) / 32) * 2 * Math.PI;
    const direction = { x: Math.cos(angle), y: Math.sin(angle) };
    const at = { x: centre.x + radius * direction.x, y: centre.y + radius * direction.y };
    const isWhite = ([r, g, b]: Rgb) => Math.min(r, g, b) > 170;
    return offsetAlong(read, isWhite, at, direction, 4 * viewport.unit);
  });
}

/** Draws, and gives the yellow outline's offset from the first structure's contour, per corner. */
export function contourOffsets(scene: ScriptedScene): (number | null)[] {
  const viewport = draw(scene);
  const contour = scene.overlay?.structures[0]?.contour ?? [];
  const read = pixelReader();
  const middle = contour.reduce(
    (sum, { xPx, yPx }) => ({ x: sum.x + xPx / contour.length, y: sum.y + yPx / contour.length }),
    { x: 0, y: 0 },
  );
  const centre = toCanvas(viewport, { xPx: middle.x, yPx: middle.y });
  const isYellow = ([r, g, b]: Rgb) => r > 150 && g > 140 && b < 120;
  return contour.map((point) => {
    const at = toCanvas(viewport, point);
    const length = Math.hypot(at.x - centre.x, at.y - centre.y);
    const direction = { x: (at.x - centre.x) / length, y: (at.y - centre.y) / length };
    return offsetAlong(read, isYellow, at, direction, 4 * viewport.unit);
  });
}

/** Colours of the canvas at places of the image, after the last `draw`. */
export function coloursAt(viewport: Viewport, points: readonly PointPx[]): Rgb[] {
  const read = pixelReader();
  return points.map((point) => {
    const { x, y } = toCanvas(viewport, point);
    return read(x, y);
  });
}

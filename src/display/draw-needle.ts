import type { SegmentPx } from '../domain/geometry.js';
import type { Needle } from '../domain/needle.js';
import type { Overlay } from '../domain/overlay.js';
import type { PredictedTip } from '../domain/predicted-tip.js';
import { type DrawingContext, NEEDLE_COLOUR, strokeCased, writeCased } from './drawing-context.js';
import { type CanvasPoint, toCanvas, type Viewport } from './viewport.js';

/** A ring below this radius could not be seen at arm's length; larger is the cautious side. */
const RING_RADIUS_MIN_CSS_PX = 4;
/** Colour of what is predicted or not confirmed; words and line style say it as well. */
const UNCERTAIN_COLOUR = '#FFD9A0';

/**
 * Draws the needle of an overlay: shaft, tip, trajectory. Each state has a look of its own in
 * shape, not only in colour:
 * `tip-visible` solid ring with cross-hair, beside it a small dotted ring where a display asked for
 * a predicted tip · `tip-coasting` dashed ring without cross-hair · `shaft-only` a bar across the
 * visible end with "?" · `out-of-plane` a dashed diamond · `acquiring` a dotted shaft · `lost`
 * a dashed frame around the picture and nothing where the needle was.
 *
 * @param opacity - strength of the whole overlay, 0 to 1
 */
export function drawNeedle(
  context: DrawingContext,
  overlay: Overlay,
  viewport: Viewport,
  opacity: number,
): void {
  const { needle } = overlay;
  context.globalAlpha = opacity;
  if (overlay.guidance.trajectory !== null && needle.tip !== null) {
    drawTrajectory(context, overlay.guidance.trajectory.segment, viewport);
  }
  if (needle.shaft !== null) drawShaft(context, needle, needle.shaft, viewport);
  switch (needle.state) {
    case 'tip-visible':
    case 'tip-coasting':
      drawTip(context, overlay, viewport);
      if (overlay.prediction) drawPredictedTip(context, needle, overlay.prediction, viewport);
      break;
    case 'shaft-only':
      if (needle.shaft !== null) drawVisibleEnd(context, needle.shaft, viewport);
      break;
    case 'out-of-plane':
      if (needle.shaft !== null) drawCrossSection(context, needle.shaft, viewport);
      break;
    case 'lost':
      drawLostFrame(context, viewport);
      break;
    case 'absent':
    case 'acquiring':
      break;
  }
}

/** Radius of the ring in device pixels: the 90 % uncertainty, but never too small to be seen. */
export function ringRadius(overlay: Overlay, viewport: Viewport): number {
  const { radius90Mm, radius90Px } = overlay.needle;
  const radius =
    radius90Mm !== null && overlay.spacing !== null
      ? (radius90Mm / overlay.spacing.xMm) * viewport.scaleX
      : (radius90Px ?? 0) * viewport.scaleX;
  return Math.max(radius, RING_RADIUS_MIN_CSS_PX * viewport.unit);
}

function drawShaft(
  context: DrawingContext,
  needle: Needle,
  shaft: SegmentPx,
  viewport: Viewport,
): void {
  const { unit } = viewport;
  if (needle.state === 'out-of-plane' || needle.state === 'lost') return;
  const isConfirmed = needle.state !== 'acquiring';
  line(context, toCanvas(viewport, shaft.from), toCanvas(viewport, shaft.to));
  strokeCased(context, {
    colour: isConfirmed ? NEEDLE_COLOUR : UNCERTAIN_COLOUR,
    width: (isConfirmed ? 2 : 1.5) * unit,
    dash: isConfirmed ? [] : [2 * unit, 5 * unit],
    casing: 1.25 * unit,
  });
}

function drawTrajectory(context: DrawingContext, segment: SegmentPx, viewport: Viewport): void {
  const { unit } = viewport;
  line(context, toCanvas(viewport, segment.from), toCanvas(viewport, segment.to));
  context.lineCap = 'butt';
  context.strokeStyle = NEEDLE_COLOUR;
  context.lineWidth = 1.5 * unit;
  context.setLineDash([8 * unit, 8 * unit]);
  context.stroke();
  context.setLineDash([]);
}

/** An open ring: what lies inside it stays visible. The cross-hair stops short of the ring. */
function drawTip(context: DrawingContext, overlay: Overlay, viewport: Viewport): void {
  const { needle } = overlay;
  if (needle.tip === null) return;
  const { unit } = viewport;
  const centre = toCanvas(viewport, needle.tip);
  const radius = ringRadius(overlay, viewport);
  const isMeasured = needle.state === 'tip-visible';
  context.beginPath();
  context.moveTo(centre.x + radius, centre.y);
  context.arc(centre.x, centre.y, radius, 0, 2 * Math.PI);
  strokeCased(context, {
    colour: isMeasured ? NEEDLE_COLOUR : UNCERTAIN_COLOUR,
    width: 2.5 * unit,
    dash: isMeasured ? [] : [4 * unit, 4 * unit],
    casing: 1.5 * unit,
  });
  if (!isMeasured) return;
  const gap = radius + 4 * unit;
  const end = gap + 9 * unit;
  context.beginPath();
  for (const [dx, dy] of CROSS_HAIR) {
    context.moveTo(centre.x + dx * gap, centre.y + dy * gap);
    context.lineTo(centre.x + dx * end, centre.y + dy * end);
  }
  strokeCased(context, { colour: NEEDLE_COLOUR, width: 2 * unit, dash: [], casing: 1.25 * unit });
}

/** Beside the measured tip and led to from it: a small dotted ring. */
function drawPredictedTip(
  context: DrawingContext,
  needle: Needle,
  prediction: PredictedTip,
  viewport: Viewport,
): void {
  if (needle.tip === null) return;
  const { unit } = viewport;
  const centre = toCanvas(viewport, prediction.tip);
  const look = { colour: UNCERTAIN_COLOUR, dash: [1.5 * unit, 3 * unit], casing: unit };
  line(context, toCanvas(viewport, needle.tip), centre);
  strokeCased(context, { ...look, width: 1.5 * unit });
  const radius = 3 * unit;
  context.beginPath();
  context.moveTo(centre.x + radius, centre.y);
  context.arc(centre.x, centre.y, radius, 0, 2 * Math.PI);
  strokeCased(context, { ...look, width: 2 * unit });
}

const CROSS_HAIR: readonly (readonly [number, number])[] = [
  [1, 0],
  [-1, 0],
  [0, 1],
  [0, -1],
];

/** The visible end is not the tip: a bar across the shaft says "it may go on behind here". */
function drawVisibleEnd(context: DrawingContext, shaft: SegmentPx, viewport: Viewport): void {
  const { unit } = viewport;
  const from = toCanvas(viewport, shaft.from);
  const end = toCanvas(viewport, shaft.to);
  const length = Math.hypot(end.x - from.x, end.y - from.y);
  if (length < 1e-6) return;
  const half = (15 * unit) / length;
  const acrossX = -(end.y - from.y) * half;
  const acrossY = (end.x - from.x) * half;
  line(
    context,
    { x: end.x - acrossX, y: end.y - acrossY },
    { x: end.x + acrossX, y: end.y + acrossY },
  );
  strokeCased(context, {
    colour: UNCERTAIN_COLOUR,
    width: 4 * unit,
    dash: [],
    casing: 1.5 * unit,
  });
  const ahead = (24 * unit) / length;
  const x = end.x + (end.x - from.x) * ahead;
  const y = end.y + (end.y - from.y) * ahead;
  writeCased(context, '?', x, y, {
    colour: UNCERTAIN_COLOUR,
    size: 28 * unit,
    weight: 700,
    align: 'center',
    baseline: 'middle',
  });
}

function drawCrossSection(context: DrawingContext, shaft: SegmentPx, viewport: Viewport): void {
  const { unit } = viewport;
  const centre = toCanvas(viewport, shaft.to);
  const half = 15 * unit;
  context.beginPath();
  context.moveTo(centre.x, centre.y - half);
  context.lineTo(centre.x + half, centre.y);
  context.lineTo(centre.x, centre.y + half);
  context.lineTo(centre.x - half, centre.y);
  context.closePath();
  strokeCased(context, {
    colour: UNCERTAIN_COLOUR,
    width: 3 * unit,
    dash: [6 * unit, 4 * unit],
    casing: 1.5 * unit,
  });
}

/** Seen from afar and covering nothing: there was a needle, and nobody knows where it is. */
function drawLostFrame(context: DrawingContext, viewport: Viewport): void {
  const { rect, canvas, unit } = viewport;
  const inset = 3 * unit;
  const left = Math.max(rect.x, 0) + inset;
  const right = Math.min(rect.x + rect.w, canvas.width) - inset;
  const top = Math.max(rect.y, 0) + inset;
  const bottom = Math.min(rect.y + rect.h, canvas.height) - inset;
  context.beginPath();
  context.moveTo(left, top);
  context.lineTo(right, top);
  context.lineTo(right, bottom);
  context.lineTo(left, bottom);
  context.closePath();
  const dash = [14 * unit, 10 * unit];
  strokeCased(context, { colour: UNCERTAIN_COLOUR, width: 3 * unit, dash, casing: unit });
}

function line(context: DrawingContext, from: CanvasPoint, to: CanvasPoint): void {
  context.beginPath();
  context.moveTo(from.x, from.y);
  context.lineTo(to.x, to.y);
}

import type { Overlay } from '../domain/overlay.js';
import { type DrawingContext, strokeCased, writeCased } from './drawing-context.js';
import { type CanvasPoint, toCanvas, type Viewport } from './viewport.js';

/** Okabe and Ito's reddish purple; no shape but the target has brackets. */
export const TARGET_COLOUR = '#CC79A7';
/** Half a side of the square, CSS pixels. */
const HALF_CSS_PX = 12;

/**
 * Draws the operator's target: `held` four solid brackets with a dotted circle of the tolerance,
 * open in the middle · `moved` a dashed square with "?", because it says where it was, not where it
 * is · `lost` nothing in the picture (words below it, `read-outs.ts`).
 */
export function drawTarget(context: DrawingContext, overlay: Overlay, viewport: Viewport): void {
  const { target } = overlay.guidance;
  if (target === null || target.point === null || target.state === 'lost') return;
  const { unit } = viewport;
  const centre = toCanvas(viewport, target.point);
  const half = HALF_CSS_PX * unit;
  if (target.state === 'moved') {
    squareAround(context, centre, half);
    const dash = [4 * unit, 4 * unit];
    strokeCased(context, { colour: TARGET_COLOUR, width: 2 * unit, dash, casing: 1.25 * unit });
    writeCased(context, '?', centre.x, centre.y, {
      colour: TARGET_COLOUR,
      size: 16 * unit,
      weight: 700,
      align: 'center',
      baseline: 'middle',
    });
    return;
  }
  if (overlay.spacing !== null) {
    const radius = (target.toleranceMm / overlay.spacing.xMm) * viewport.scaleX;
    context.beginPath();
    context.moveTo(centre.x + radius, centre.y);
    context.arc(centre.x, centre.y, radius, 0, 2 * Math.PI);
    const dash = [2.5 * unit, 4 * unit];
    strokeCased(context, { colour: TARGET_COLOUR, width: 1.75 * unit, dash, casing: 0 });
  }
  bracketsAround(context, centre, half);
  strokeCased(context, { colour: TARGET_COLOUR, width: 2.5 * unit, dash: [], casing: 1.25 * unit });
}

const CORNERS: readonly (readonly [number, number])[] = [
  [-1, -1],
  [1, -1],
  [1, 1],
  [-1, 1],
];

function squareAround(context: DrawingContext, centre: CanvasPoint, half: number): void {
  context.beginPath();
  for (const [index, [x, y]] of CORNERS.entries()) {
    if (index === 0) context.moveTo(centre.x + x * half, centre.y + y * half);
    else context.lineTo(centre.x + x * half, centre.y + y * half);
  }
  context.closePath();
}

function bracketsAround(context: DrawingContext, centre: CanvasPoint, half: number): void {
  context.beginPath();
  for (const [x, y] of CORNERS) {
    context.moveTo(centre.x + x * half * 0.4, centre.y + y * half);
    context.lineTo(centre.x + x * half, centre.y + y * half);
    context.lineTo(centre.x + x * half, centre.y + y * half * 0.4);
  }
}

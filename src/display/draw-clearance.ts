import type { Overlay } from '../domain/overlay.js';
import type { Structure } from '../domain/structure.js';
import { type DrawingContext, strokeCased } from './drawing-context.js';
import { nearestContourPoint } from './nearest-contour-point.js';
import { STRUCTURE_STYLES } from './structure-styles.js';
import { toCanvas, type Viewport } from './viewport.js';

/**
 * Draws the line that the clearance is measured along: dotted, in the structure's colour, from the
 * tip to the nearest point of the nearest protected structure, with a tick across its far end. The
 * number stands above the picture (`read-outs.ts`), where it covers nothing.
 *
 * Nothing is drawn where the engine states no nearest structure: without a spacing, without a tip,
 * or while a structure that must be seen is not.
 */
export function drawClearance(
  context: DrawingContext,
  overlay: Overlay,
  structures: readonly Structure[],
  viewport: Viewport,
  ringRadius: number,
): void {
  const { nearest } = overlay.guidance;
  const { tip } = overlay.needle;
  if (nearest === null || tip === null || overlay.spacing === null) return;
  const structure = structures.find(({ id }) => id === nearest.structureId);
  if (structure === undefined) return;
  const point = nearestContourPoint(structure.contour, tip, overlay.spacing);
  if (point === null) return;
  const from = toCanvas(viewport, tip);
  const to = toCanvas(viewport, point);
  const length = Math.hypot(to.x - from.x, to.y - from.y);
  if (length < 1e-6) return;
  const { unit } = viewport;
  const [alongX, alongY] = [(to.x - from.x) / length, (to.y - from.y) / length];
  const { colour } = STRUCTURE_STYLES[structure.class];
  if (length > ringRadius) {
    context.beginPath();
    context.moveTo(from.x + alongX * ringRadius, from.y + alongY * ringRadius);
    context.lineTo(to.x, to.y);
    const dash = [3 * unit, 3 * unit];
    strokeCased(context, { colour, width: 2.5 * unit, dash, casing: unit });
  }
  const half = 6 * unit;
  context.beginPath();
  context.moveTo(to.x - alongY * half, to.y + alongX * half);
  context.lineTo(to.x + alongY * half, to.y - alongX * half);
  strokeCased(context, { colour, width: 2.5 * unit, dash: [], casing: 1.25 * unit });
}

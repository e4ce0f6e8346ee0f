import type { Structure } from '../domain/structure.js';
import { type DrawingContext, strokeCased, writeCased } from './drawing-context.js';
import { STRUCTURE_STYLES } from './structure-styles.js';
import { toCanvas, type Viewport } from './viewport.js';

/** Order of drawing: what must not be entered comes last and lies on top. */
const DRAWING_RANK: Readonly<Record<Structure['class'], number>> = {
  muscle: 0,
  fascia: 1,
  bone: 1,
  tendon: 1,
  fluid: 1,
  injectate: 2,
  pleura: 3,
  vein: 4,
  vessel: 4,
  artery: 5,
  nerve: 6,
};

/**
 * Outlines the structures, each with its letter above its highest point. Never filled: the speckle
 * inside a nerve is what the operator looks at.
 *
 * @param opacity - strength of the whole overlay, 0 to 1
 */
export function drawStructures(
  context: DrawingContext,
  structures: readonly Structure[],
  viewport: Viewport,
  opacity: number,
): void {
  const ordered = [...structures].sort((a, b) => DRAWING_RANK[a.class] - DRAWING_RANK[b.class]);
  for (const structure of ordered) drawStructure(context, structure, viewport, opacity);
}

function drawStructure(
  context: DrawingContext,
  structure: Structure,
  viewport: Viewport,
  opacity: number,
): void {
  const style = STRUCTURE_STYLES[structure.class];
  const { unit } = viewport;
  const points = structure.contour.map((point) => toCanvas(viewport, point));
  const [first, ...rest] = points;
  if (first === undefined) return;
  context.globalAlpha = opacity * style.opacity;
  context.beginPath();
  context.moveTo(first.x, first.y);
  for (const point of rest) context.lineTo(point.x, point.y);
  context.closePath();
  const width = style.widthCssPx * unit;
  if (style.gapColour !== null) {
    strokeCased(context, { colour: style.gapColour, width, dash: [], casing: unit });
  }
  const dash = style.dash.map((length) => length * unit);
  const casing = style.gapColour === null ? unit : 0;
  strokeCased(context, { colour: style.colour, width, dash, casing });

  const top = points.reduce((highest, point) => (point.y < highest.y ? point : highest), first);
  const size = 14 * unit;
  const edge = size * style.letter.length * 0.4;
  const x = Math.min(Math.max(top.x, edge), viewport.canvas.width - edge);
  writeCased(context, style.letter, x, Math.max(top.y - 5 * unit, size), {
    colour: style.colour,
    size,
    weight: 700,
    align: 'center',
    baseline: 'bottom',
  });
}

import type { Orientation } from '../domain/frame.js';
import { markerSpanAbove } from './draw-scale.js';
import { TARGET_COLOUR } from './draw-target.js';
import { type DrawingContext, textWidth, writeCased } from './drawing-context.js';
import type { ReadOuts } from './read-outs.js';
import { STRUCTURE_STYLES } from './structure-styles.js';
import { type Viewport, visibleRect } from './viewport.js';

/** Colour of what is predicted, not confirmed or not seen; the words say it as well. */
const CAUTION_COLOUR = '#FFD9A0';
const DEPTH_COLOUR = '#C7D0D9';
const HEADLINE_CSS_PX = 22;
const HEADLINE_MIN_CSS_PX = 11;
const FOOTLINE_CSS_PX = 15;
const FOOTLINE_MIN_CSS_PX = 10;
/** Between words that stand side by side, and to the edge of the canvas, CSS pixels. */
const GAP_CSS_PX = 8;

/**
 * Writes the words above and below the picture, over it only where zooming leaves no room: above,
 * in the middle, what the operator has to know first; below, the target on the left, spread and
 * depth on the right. A picture that is too narrow for them has them beside a marker that stands
 * above it, and wider than itself.
 *
 * @param notice - what is to be said of the whole display (`stateNotice`); null = nothing
 * @param orientation - keeps the words clear of a probe marker above the picture
 */
export function drawReadOuts(
  context: DrawingContext,
  readOuts: ReadOuts,
  notice: string | null,
  orientation: Orientation,
  viewport: Viewport,
): void {
  const { needle, unseen, clearance } = readOuts;
  const cautions = [notice, needle, unseen].filter((words) => words !== null);
  const headline = [...cautions, clearance].filter((words) => words !== null).join(' · ');
  const colour = cautions.length > 0 ? CAUTION_COLOUR : clearanceColour(readOuts);
  if (headline !== '') writeHeadline(context, headline, colour, orientation, viewport);
  const measures = [readOuts.spread, readOuts.depth].filter((words) => words !== null).join(' · ');
  writeFootline(context, readOuts.target ?? '', measures, viewport);
}

/** In the middle, or as near to it as the marker leaves room on its wider side. */
function writeHeadline(
  context: DrawingContext,
  words: string,
  colour: string,
  orientation: Orientation,
  viewport: Viewport,
): void {
  const { unit, canvas } = viewport;
  const gap = GAP_CSS_PX * unit;
  const marker = markerSpanAbove(orientation, viewport) ?? { from: canvas.width, to: canvas.width };
  const isLeft = marker.from >= canvas.width - marker.to;
  const from = isLeft ? gap : marker.to + gap;
  const to = isLeft ? marker.from - gap : canvas.width - gap;
  const room = to - from;
  const size = Math.max(HEADLINE_MIN_CSS_PX * unit, fitted(words, HEADLINE_CSS_PX * unit, room));
  const half = Math.min(room, textWidth(words, size)) / 2;
  const x = Math.min(to - half, Math.max(from + half, canvas.width / 2));
  writeCased(context, words, x, visibleRect(viewport).top - 4 * unit, {
    colour,
    size,
    weight: 700,
    align: 'center',
    baseline: 'bottom',
  });
}

/** As wide as the picture; wider where the words need it and the canvas has the room. */
function writeFootline(
  context: DrawingContext,
  target: string,
  measures: string,
  viewport: Viewport,
): void {
  const { unit, canvas } = viewport;
  const { left, right, bottom } = visibleRect(viewport);
  const gap = GAP_CSS_PX * unit;
  const wanted = FOOTLINE_CSS_PX * unit;
  const needed = textWidth(target, wanted) + 2 * gap + textWidth(measures, wanted);
  const spare = Math.max(0, needed - (right - left)) / 2;
  const from = Math.max(gap, left - spare);
  const to = Math.min(canvas.width - gap, right + spare);
  const size = Math.max(FOOTLINE_MIN_CSS_PX * unit, Math.min(1, (to - from) / needed) * wanted);
  const look = { size, weight: 600, baseline: 'top' } as const;
  const y = bottom + 6 * unit;
  if (target !== '') {
    writeCased(context, target, from, y, { ...look, colour: TARGET_COLOUR, align: 'left' });
  }
  if (measures !== '') {
    writeCased(context, measures, to, y, { ...look, colour: DEPTH_COLOUR, align: 'right' });
  }
}

function clearanceColour({ clearanceClass }: ReadOuts): string {
  return clearanceClass === null ? CAUTION_COLOUR : STRUCTURE_STYLES[clearanceClass].colour;
}

/** The size at which words fit into `room`, at most `size`; device pixels. */
function fitted(words: string, size: number, room: number): number {
  return Math.min(size, (size * room) / textWidth(words, size));
}

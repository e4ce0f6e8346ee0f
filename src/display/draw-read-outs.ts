import type { Orientation } from '../domain/frame.js';
import { markerPlace, visibleRect } from './draw-scale.js';
import { TARGET_COLOUR } from './draw-target.js';
import { type DrawingContext, textWidth, writeCased } from './drawing-context.js';
import type { ReadOuts } from './read-outs.js';
import { STRUCTURE_STYLES } from './structure-styles.js';
import type { Viewport } from './viewport.js';

/** Colour of what is predicted, not confirmed or not seen; the words say it as well. */
const CAUTION_COLOUR = '#FFD9A0';
const DEPTH_COLOUR = '#C7D0D9';
const HEADLINE_CSS_PX = 20;
const HEADLINE_MIN_CSS_PX = 11;
const FOOTLINE_CSS_PX = 15;
/** Room that the probe marker and its word take at their corner, CSS pixels. */
const MARKER_CSS_PX = 78;
const MIRRORED_CSS_PX = 150;

/**
 * Writes the words above and below the picture, never over it: above, in the middle, what the
 * operator has to know first; below, the target on the left, spread and depth on the right.
 *
 * @param notice - what is to be said of the whole display (`stateNotice`); null = nothing
 * @param orientation - keeps the words clear of the probe marker
 */
export function drawReadOuts(
  context: DrawingContext,
  readOuts: ReadOuts,
  notice: string | null,
  orientation: Orientation,
  viewport: Viewport,
): void {
  const { unit, canvas } = viewport;
  const visible = visibleRect(viewport);
  const { needle, unseen, clearance } = readOuts;
  const cautions = [notice, needle, unseen].filter((words) => words !== null);
  const headline = [...cautions, clearance].filter((words) => words !== null).join(' · ');
  if (headline !== '') {
    const isMarkerAbove = (markerPlace(orientation, false)?.edge ?? 'top') === 'top';
    const marker = viewport.isMirrored ? MIRRORED_CSS_PX : MARKER_CSS_PX;
    const room = canvas.width - 2 * (isMarkerAbove ? visible.left + marker * unit : 8 * unit);
    const size = fitted(headline, HEADLINE_CSS_PX * unit, Math.max(room, canvas.width * 0.3));
    writeCased(context, headline, canvas.width / 2, visible.top - 5 * unit, {
      colour: cautions.length > 0 ? CAUTION_COLOUR : clearanceColour(readOuts),
      size: Math.max(size, HEADLINE_MIN_CSS_PX * unit),
      weight: 700,
      align: 'center',
      baseline: 'bottom',
    });
  }
  const y = visible.bottom + 6 * unit;
  const room = (visible.right - visible.left) * 0.6;
  const foot = { weight: 600, baseline: 'top' } as const;
  if (readOuts.target !== null) {
    const size = fitted(readOuts.target, FOOTLINE_CSS_PX * unit, room);
    const look = { ...foot, size, colour: TARGET_COLOUR, align: 'left' } as const;
    writeCased(context, readOuts.target, visible.left, y, look);
  }
  const measures = [readOuts.spread, readOuts.depth].filter((words) => words !== null).join(' · ');
  if (measures !== '') {
    const size = fitted(measures, FOOTLINE_CSS_PX * unit, room * 0.65);
    const look = { ...foot, size, colour: DEPTH_COLOUR, align: 'right' } as const;
    writeCased(context, measures, visible.right, y, look);
  }
}

function clearanceColour({ clearanceClass }: ReadOuts): string {
  return clearanceClass === null ? CAUTION_COLOUR : STRUCTURE_STYLES[clearanceClass].colour;
}

/** The size at which words fit into `room`, at most `size`; device pixels. */
function fitted(words: string, size: number, room: number): number {
  return Math.min(size, (size * room) / textWidth(words, size));
}

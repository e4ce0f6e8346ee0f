import type { Overlay } from '../../../domain/overlay.js';
import { distanceMm, type Spacing } from '../../../domain/spacing.js';
import type { StructureClass } from '../../../domain/structure.js';
import { type DrawingContext, strokeCased, writeCased } from '../../drawing-context.js';
import { formatMm } from '../../millimetres.js';
import { STRUCTURE_STYLES } from '../../structure-styles.js';
import { toCanvas, type Viewport } from '../../viewport.js';
import { REVIEW_WORDS } from '../words.js';
import type { RecordedTruth } from './recorded-line.js';
import type { TrueOutline } from './true-outlines.js';

/** Colour of what is true; nothing that the engine says has it. */
const TRUTH_COLOUR = '#7FE0B0';
const ARM_CSS_PX = 9;
const LETTER_CSS_PX = 13;
/** A part of a structure with a shorter border than this has no room for a letter, points. */
const LETTERED_POINTS_MIN = 24;

/**
 * Draws the true outlines dotted, each with its letter below it (what the engine says has its own
 * above); the true shaft dotted, the true tip as a diagonal cross; dashed where it is hidden.
 *
 * @param hidden - classes that the operator does not want to see outlined
 */
export function drawTruth(
  context: DrawingContext,
  truth: RecordedTruth,
  outlines: readonly TrueOutline[],
  hidden: ReadonlySet<StructureClass>,
  viewport: Viewport,
): void {
  context.save();
  for (const outline of outlines) {
    if (!hidden.has(outline.class)) drawOutline(context, outline, viewport);
  }
  drawNeedle(context, truth, viewport);
  context.restore();
}

function drawOutline(context: DrawingContext, outline: TrueOutline, viewport: Viewport): void {
  const points = outline.points.map((point) => toCanvas(viewport, point));
  const [first] = points;
  if (first === undefined) return;
  const { unit } = viewport;
  let low = first;
  context.beginPath();
  context.moveTo(first.x, first.y);
  for (const point of points) {
    context.lineTo(point.x, point.y);
    if (point.y > low.y) low = point;
  }
  context.closePath();
  const dash = [1.5 * unit, 3.5 * unit];
  strokeCased(context, { colour: TRUTH_COLOUR, width: 1.5 * unit, dash, casing: 0 });
  if (points.length < LETTERED_POINTS_MIN) return;
  const { letter } = STRUCTURE_STYLES[outline.class];
  writeCased(context, letter, low.x, low.y + 3 * unit, {
    colour: TRUTH_COLOUR,
    size: LETTER_CSS_PX * unit,
    weight: 600,
    align: 'center',
    baseline: 'top',
  });
}

function drawNeedle(context: DrawingContext, truth: RecordedTruth, viewport: Viewport): void {
  const { unit } = viewport;
  if (truth.shaft !== null) {
    const from = toCanvas(viewport, truth.shaft.from);
    const to = toCanvas(viewport, truth.shaft.to);
    context.beginPath();
    context.moveTo(from.x, from.y);
    context.lineTo(to.x, to.y);
    strokeCased(context, {
      colour: TRUTH_COLOUR,
      width: 1.5 * unit,
      dash: [2 * unit, 5 * unit],
      casing: 0,
    });
  }
  if (truth.tip !== null) {
    const { x, y } = toCanvas(viewport, truth.tip);
    const arm = ARM_CSS_PX * unit;
    context.beginPath();
    context.moveTo(x - arm, y - arm);
    context.lineTo(x + arm, y + arm);
    context.moveTo(x - arm, y + arm);
    context.lineTo(x + arm, y - arm);
    const dash = truth.isTipVisible ? [] : [2 * unit, 3 * unit];
    strokeCased(context, { colour: TRUTH_COLOUR, width: 2 * unit, dash, casing: unit });
  }
}

/**
 * How far what the engine said is from what is true, in words.
 *
 * @param outlines - null where they cannot be read
 */
export function truthWords(
  truth: RecordedTruth | null,
  outlines: readonly TrueOutline[] | null,
  overlay: Overlay | null,
  spacing: Spacing | null,
): string {
  if (truth === null) return REVIEW_WORDS.noTruth;
  const unreadable = outlines === null ? [REVIEW_WORDS.truthUnreadable] : [];
  return [tipWords(truth, overlay, spacing), ...unreadable].filter((one) => one !== '').join(' ');
}

function tipWords(truth: RecordedTruth, overlay: Overlay | null, spacing: Spacing | null): string {
  if (!truth.isTipVisible) return REVIEW_WORDS.tipTruthHidden;
  const tip = overlay?.needle.tip ?? null;
  if (tip === null || truth.tip === null || spacing === null) return '';
  const errorMm = distanceMm(tip, truth.tip, spacing);
  return REVIEW_WORDS.tipError(formatMm(errorMm, 'nearest'));
}

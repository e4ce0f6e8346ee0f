import type { Overlay } from '../../../domain/overlay.js';
import { distanceMm, type Spacing } from '../../../domain/spacing.js';
import { type DrawingContext, strokeCased } from '../../drawing-context.js';
import { formatMm } from '../../millimetres.js';
import { toCanvas, type Viewport } from '../../viewport.js';
import { REVIEW_WORDS } from '../words.js';
import type { RecordedTruth } from './recorded-line.js';

/** Colour of what is true; nothing that the engine says has it. */
const TRUTH_COLOUR = '#7FE0B0';
const ARM_CSS_PX = 9;

/** Draws the true shaft dotted, the true tip as a diagonal cross; dashed where it is hidden. */
export function drawTruth(context: DrawingContext, truth: RecordedTruth, viewport: Viewport): void {
  const { unit } = viewport;
  context.save();
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
  context.restore();
}

/** How far what the engine said is from what is true, in words. */
export function truthWords(
  truth: RecordedTruth | null,
  overlay: Overlay | null,
  spacing: Spacing | null,
): string {
  if (truth === null) return REVIEW_WORDS.noTruth;
  if (!truth.isTipVisible) return REVIEW_WORDS.tipTruthHidden;
  const tip = overlay?.needle.tip ?? null;
  if (tip === null || truth.tip === null || spacing === null) return '';
  const errorMm = distanceMm(tip, truth.tip, spacing);
  return REVIEW_WORDS.tipError(formatMm(errorMm, 'nearest'));
}

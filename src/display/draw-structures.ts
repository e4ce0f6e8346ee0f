import type { Structure, StructureClass } from '../domain/structure.js';
import { type DrawingContext, strokeCased, textWidth, writeCased } from './drawing-context.js';
import { ruleWords, STRUCTURE_STYLES, type StructureStyle } from './structure-styles.js';
import {
  type CanvasBox,
  type CanvasPoint,
  toCanvas,
  type Viewport,
  visibleRect,
} from './viewport.js';

/** Order of drawing: what must not be entered comes last and lies on top. */
const DRAWING_RANK: Readonly<Record<StructureClass, number>> = {
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
/** Strength of an outline that was not seen in this frame. */
const COASTING_OPACITY = 0.55;
const LETTER_CSS_PX = 16;
const WORDS_CSS_PX = 12;

/**
 * Outlines the structures, each with its letter above its highest point and beside it its class,
 * rule and, of injectate, area. Never filled: the speckle inside a nerve is what the operator looks
 * at, so no words lie on it. Where labels would lie on each other or on a nerve, the words of the
 * less important one are left out, then, of muscle, its letter: it is what everything else lies in.
 * One that was not seen in this frame is fainter and has "?" after its letter.
 *
 * @param opacity - strength of the whole overlay, 0 to 1
 * @param tip - where the tip's ring will be, device pixels: no words under it; null = no ring
 */
export function drawStructures(
  context: DrawingContext,
  structures: readonly Structure[],
  viewport: Viewport,
  opacity: number,
  tip: { readonly centre: CanvasPoint; readonly radius: number } | null,
): void {
  const ordered = [...structures].sort((a, b) => DRAWING_RANK[a.class] - DRAWING_RANK[b.class]);
  const outlines = ordered.map((structure) => ({
    structure,
    points: structure.contour.map((point) => toCanvas(viewport, point)),
  }));
  for (const { structure, points } of outlines) {
    context.globalAlpha = strengthOf(structure, opacity);
    strokeOutline(context, points, STRUCTURE_STYLES[structure.class], viewport.unit);
  }
  const nerves = outlines.filter(({ structure }) => structure.class === 'nerve');
  const taken = nerves.map(({ points }) => boxOf(points));
  if (tip !== null) taken.push(boxAround(tip.centre, tip.radius));
  // What matters most is labelled first: its words find room.
  for (const { structure, points } of outlines.reverse()) {
    context.globalAlpha = Math.max(strengthOf(structure, opacity), opacity * 0.7);
    writeLabel(context, structure, points, viewport, taken);
  }
}

function strengthOf(structure: Structure, opacity: number): number {
  const coasting = structure.isCoasting === true ? COASTING_OPACITY : 1;
  return opacity * coasting * STRUCTURE_STYLES[structure.class].opacity;
}

function strokeOutline(
  context: DrawingContext,
  points: readonly CanvasPoint[],
  style: StructureStyle,
  unit: number,
): void {
  const [first, ...rest] = points;
  if (first === undefined) return;
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
}

function boxAround({ x, y }: CanvasPoint, radius: number): CanvasBox {
  return { left: x - radius, right: x + radius, top: y - radius, bottom: y + radius };
}

function boxOf(points: readonly CanvasPoint[]): CanvasBox {
  const box = { left: Infinity, right: -Infinity, top: Infinity, bottom: -Infinity };
  for (const { x, y } of points) {
    box.left = Math.min(box.left, x);
    box.right = Math.max(box.right, x);
    box.top = Math.min(box.top, y);
    box.bottom = Math.max(box.bottom, y);
  }
  return box;
}

function writeLabel(
  context: DrawingContext,
  structure: Structure,
  points: readonly CanvasPoint[],
  viewport: Viewport,
  taken: CanvasBox[],
): void {
  const ends = endsOf(points);
  if (ends === null) return;
  const { unit } = viewport;
  const style = STRUCTURE_STYLES[structure.class];
  const letter = structure.isCoasting === true ? `${style.letter}?` : style.letter;
  const size = LETTER_CSS_PX * unit;
  const letterWidth = textWidth(letter, size);
  const words = labelWords(structure);
  const wholeWidth = letterWidth + 5 * unit + textWidth(words, WORDS_CSS_PX * unit);
  const isFree = (box: CanvasBox) => !taken.some((other) => isOverlapping(box, other));
  const within = visibleRect(viewport);
  const whole = labelPlaces(ends, { width: wholeWidth, letterWidth, size, unit }, within);
  const alone = labelPlaces(ends, { width: letterWidth, letterWidth, size, unit }, within);
  const withWords = whole.find(isFree);
  const isContext = structure.class === 'muscle';
  const box = withWords ?? alone.find(isFree) ?? (isContext ? undefined : alone[0]);
  if (box === undefined) return;
  taken.push(box);
  const look = { colour: style.colour, align: 'left', baseline: 'bottom' } as const;
  writeCased(context, letter, box.left, box.bottom, { ...look, size, weight: 700 });
  if (withWords === undefined) return;
  const at = box.left + letterWidth + 5 * unit;
  const small = { ...look, size: WORDS_CSS_PX * unit, weight: 600 } as const;
  writeCased(context, words, at, box.bottom - unit, small);
}

/** Where an outline is highest and lowest. */
interface Ends {
  readonly top: CanvasPoint;
  readonly low: CanvasPoint;
}

/** The ends of an outline; null where it has no points. */
function endsOf(points: readonly CanvasPoint[]): Ends | null {
  const [first] = points;
  if (first === undefined) return null;
  let top = first;
  let low = first;
  for (const point of points) {
    if (point.y < top.y) top = point;
    if (point.y > low.y) low = point;
  }
  return { top, low };
}

/**
 * Where a label may stand, best first: above the outline to the right, to the left, below it; never
 * beyond the edge of the picture, where it would be cut off.
 */
function labelPlaces(
  { top, low }: Ends,
  label: { width: number; letterWidth: number; size: number; unit: number },
  within: CanvasBox,
): readonly [CanvasBox, ...CanvasBox[]] {
  const { width, letterWidth, size, unit } = label;
  const boxAt = (leftAt: number, bottomAt: number): CanvasBox => {
    const left = Math.max(within.left, Math.min(leftAt, within.right - width));
    const bottom = Math.min(Math.max(bottomAt, within.top + size), within.bottom);
    return { left, right: left + width, top: bottom - size, bottom };
  };
  return [
    boxAt(top.x - letterWidth / 2, top.y - 4 * unit),
    boxAt(top.x + letterWidth / 2 - width, top.y - 4 * unit),
    boxAt(low.x - width / 2, low.y + size + 5 * unit),
  ];
}

/** Class, rule and, of injectate, area in whole square millimetres. */
function labelWords({ class: structureClass, rule, keepOffMm, areaMm2 }: Structure): string {
  const parts = [STRUCTURE_STYLES[structureClass].name, ruleWords(rule, keepOffMm)];
  if (structureClass === 'injectate' && areaMm2 !== null) parts.push(`${Math.round(areaMm2)} mm²`);
  return parts.filter((part) => part !== null).join(' · ');
}

function isOverlapping(a: CanvasBox, b: CanvasBox): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}

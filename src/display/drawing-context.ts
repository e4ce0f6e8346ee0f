/**
 * The part of the browser's `CanvasRenderingContext2D` that the renderer uses. A test passes a
 * recorder; a host application passes any Canvas 2D.
 */
export type DrawingContext = Pick<
  CanvasRenderingContext2D,
  | 'save'
  | 'restore'
  | 'beginPath'
  | 'closePath'
  | 'moveTo'
  | 'lineTo'
  | 'arc'
  | 'rect'
  | 'clip'
  | 'stroke'
  | 'fill'
  | 'fillText'
  | 'strokeText'
  | 'setLineDash'
  | 'strokeStyle'
  | 'fillStyle'
  | 'lineWidth'
  | 'lineCap'
  | 'lineJoin'
  | 'globalAlpha'
  | 'font'
  | 'textAlign'
  | 'textBaseline'
>;

/** Colour of the casing around every line and letter: keeps 3:1 contrast on any tissue. */
export const CASING_COLOUR = '#0B0E11';
/** Colour of the needle; no structure has it. */
export const NEEDLE_COLOUR = '#FFFFFF';
const FONT_FAMILY = '"Helvetica Neue", Arial, "Liberation Sans", sans-serif';

/** How a line looks. Lengths in device pixels. */
export interface LineLook {
  readonly colour: string;
  readonly width: number;
  readonly dash: readonly number[];
  /** Width of the dark casing on each side; 0 = none. */
  readonly casing: number;
}

/** Strokes the current path with a dark casing below, so that it shows on bright and dark echo. */
export function strokeCased(context: DrawingContext, look: LineLook): void {
  context.lineCap = 'round';
  context.lineJoin = 'round';
  if (look.casing > 0) {
    context.setLineDash([]);
    context.strokeStyle = CASING_COLOUR;
    context.lineWidth = look.width + 2 * look.casing;
    context.stroke();
  }
  context.setLineDash([...look.dash]);
  if (look.dash.length > 0) context.lineCap = 'butt';
  context.strokeStyle = look.colour;
  context.lineWidth = look.width;
  context.stroke();
  context.setLineDash([]);
}

/**
 * About how wide a text gets, device pixels. An estimate that is rather too large: what is laid out
 * by it does not overlap, and a recorder needs no fonts.
 */
export function textWidth(text: string, size: number): number {
  return text.length * size * 0.6;
}

/** A line of text on the canvas. Size in device pixels. */
export interface TextLook {
  readonly colour: string;
  readonly size: number;
  readonly weight: 400 | 600 | 700;
  readonly align: CanvasTextAlign;
  readonly baseline: CanvasTextBaseline;
}

/** Writes text with a dark casing. */
export function writeCased(
  context: DrawingContext,
  text: string,
  x: number,
  y: number,
  look: TextLook,
): void {
  context.font = `${look.weight} ${look.size}px ${FONT_FAMILY}`;
  context.textAlign = look.align;
  context.textBaseline = look.baseline;
  context.lineJoin = 'round';
  context.strokeStyle = CASING_COLOUR;
  context.lineWidth = look.size * 0.28;
  context.strokeText(text, x, y);
  context.fillStyle = look.colour;
  context.fillText(text, x, y);
}

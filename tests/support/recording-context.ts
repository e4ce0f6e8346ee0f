import type { DrawingContext } from '../../src/display/drawing-context.js';

/** One stroke, fill or text, with the look that was set when it was made. */
export interface Mark {
  readonly kind: 'stroke' | 'fill' | 'text';
  readonly colour: string;
  readonly width: number;
  readonly dash: readonly number[];
  readonly alpha: number;
  /** Corners of the path, or the place of the text. */
  readonly points: readonly (readonly [number, number])[];
  readonly arcs: readonly { readonly x: number; readonly y: number; readonly radius: number }[];
  readonly text: string;
}

/** A fake Canvas 2D that writes down what is drawn. */
export interface RecordingContext {
  readonly context: DrawingContext;
  readonly marks: Mark[];
}

export function recordingContext(): RecordingContext {
  const marks: Mark[] = [];
  let points: [number, number][] = [];
  let arcs: { x: number; y: number; radius: number }[] = [];
  let dash: number[] = [];
  const mark = (kind: Mark['kind'], colour: unknown, text = '', at = points): void => {
    marks.push({
      kind,
      colour: String(colour),
      width: context.lineWidth,
      dash,
      alpha: context.globalAlpha,
      points: [...at],
      arcs: [...arcs],
      text,
    });
  };
  const context: DrawingContext = {
    save: () => {},
    restore: () => {},
    beginPath: () => {
      points = [];
      arcs = [];
    },
    closePath: () => {},
    moveTo: (x, y) => points.push([x, y]),
    lineTo: (x, y) => points.push([x, y]),
    arc: (x, y, radius) => arcs.push({ x, y, radius }),
    rect: () => {},
    clip: () => {},
    stroke: () => mark('stroke', context.strokeStyle),
    fill: () => mark('fill', context.fillStyle),
    fillText: (text, x, y) => mark('text', context.fillStyle, text, [[x, y]]),
    strokeText: () => {},
    setLineDash: (segments) => {
      dash = [...segments];
    },
    strokeStyle: '',
    fillStyle: '',
    lineWidth: 1,
    lineCap: 'butt',
    lineJoin: 'miter',
    globalAlpha: 1,
    font: '',
    textAlign: 'left',
    textBaseline: 'top',
  };
  return { context, marks };
}

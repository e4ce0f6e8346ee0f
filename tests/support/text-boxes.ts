import { textWidth } from '../../src/display/drawing-context.js';
import { recordingContext } from './recording-context.js';

/** Where a text was written, as wide as the renderer reckons it; device pixels. */
export interface TextBox {
  readonly text: string;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** A fake Canvas 2D that writes down what every text covers. */
export function textBoxContext() {
  const { context } = recordingContext();
  const boxes: TextBox[] = [];
  context.fillText = (text, x, y) => {
    const size = Number(/([\d.]+)px/.exec(context.font)?.[1]);
    const width = textWidth(text, size);
    const left = x - { left: 0, center: width / 2, right: width }[context.textAlign as 'left'];
    const above = { top: 0, middle: size / 2, bottom: size }[context.textBaseline as 'top'];
    const top = y - above;
    boxes.push({ text, left, right: left + width, top, bottom: top + size });
  };
  return { context, boxes };
}

/** Whether two texts cover each other. */
export function isCovering(a: TextBox, b: TextBox): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}

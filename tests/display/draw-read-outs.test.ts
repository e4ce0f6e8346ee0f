import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drawReadOuts } from '../../src/display/draw-read-outs.js';
import { drawMarker } from '../../src/display/draw-scale.js';
import { NO_READ_OUTS, type ReadOuts } from '../../src/display/read-outs.js';
import { fitViewport } from '../../src/display/viewport.js';
import { ORIENTATIONS, type Orientation } from '../../src/domain/frame.js';
import { isCovering, type TextBox, textBoxContext } from '../support/text-boxes.js';

const SAID: ReadOuts = {
  ...NO_READ_OUTS,
  clearance: 'nerve 4.5 mm (≥ 2.5 mm)',
  clearanceClass: 'nerve',
  target: 'target 12 mm (≤ 14 mm) · 8° off',
  depth: "tip 17 mm deep from the image's edge",
  spread: 'spread 43 mm²',
};
const CANVAS = { width: 700, height: 460 };

interface View {
  readonly widthPx: number;
  readonly orientation: Orientation;
  readonly isMirrored: boolean;
}

function textsOf({ widthPx, orientation, isMirrored }: View, said: ReadOuts): TextBox[] {
  const { context, boxes } = textBoxContext();
  const viewport = fitViewport({
    image: { widthPx, heightPx: 400 },
    canvas: CANVAS,
    devicePixelRatio: 1,
    spacing: null,
    zoom: 1,
    isMirrored,
    marginCssPx: { x: 46, y: 28 },
  });
  drawMarker(context, orientation, viewport);
  drawReadOuts(context, said, null, orientation, viewport);
  return boxes;
}

const views = fc.record({
  widthPx: fc.integer({ min: 10, max: 620 }),
  orientation: fc.constantFrom(...ORIENTATIONS),
  isMirrored: fc.boolean(),
});

describe('the words around the picture', () => {
  it('never cover each other or a marker above, nor reach beyond a side, however narrow it is', () => {
    fc.assert(
      fc.property(views, (view) => {
        const boxes = textsOf(view, SAID);
        expect(boxes).toHaveLength(4);
        for (const [index, box] of boxes.entries()) {
          expect(box.left).toBeGreaterThanOrEqual(0);
          expect(box.right).toBeLessThanOrEqual(CANVAS.width);
          for (const other of boxes.slice(index + 1)) {
            // A marker below, where the image is upside down, is not kept clear of.
            const isFoot = view.orientation === 'MN' || view.orientation === 'UN';
            if (isFoot && box.text.startsWith('marker')) continue;
            expect(isCovering(box, other)).toBe(false);
          }
        }
      }),
    );
  });

  it('are in the middle and at their full size where there is room', () => {
    const [, clearance] = textsOf({ widthPx: 600, orientation: 'MF', isMirrored: false }, SAID);
    expect(((clearance?.left ?? 0) + (clearance?.right ?? 0)) / 2).toBe(CANVAS.width / 2);
    expect((clearance?.bottom ?? 0) - (clearance?.top ?? 0)).toBe(22);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drawStructures } from '../../src/display/draw-structures.js';
import { toCanvas, visibleRect } from '../../src/display/viewport.js';
import { STRUCTURE_CLASSES } from '../../src/domain/structure.js';
import { sampleFrame, sampleStructure, sampleViewport } from '../support/display-samples.js';
import { isCovering, textBoxContext } from '../support/text-boxes.js';

const viewport = sampleViewport(sampleFrame(1));
const structures = fc.array(
  fc
    .record({
      class: fc.constantFrom(...STRUCTURE_CLASSES),
      x: fc.integer({ min: 0, max: 180 }),
      y: fc.integer({ min: 0, max: 140 }),
      size: fc.integer({ min: 5, max: 60 }),
    })
    .map(({ class: name, x, y, size }) => sampleStructure(name, x, y, x + size, y + size)),
  { maxLength: 8 },
);

describe('labels of structures', () => {
  it('are never cut off at the edge of the picture', () => {
    const { left, right, top, bottom } = visibleRect(viewport);
    fc.assert(
      fc.property(structures, (all) => {
        const { context, boxes } = textBoxContext();
        drawStructures(context, all, viewport, 1, null);
        for (const box of boxes) {
          expect(box.left).toBeGreaterThanOrEqual(left);
          expect(box.right).toBeLessThanOrEqual(right + 1e-9);
          expect(box.top).toBeGreaterThanOrEqual(top - 1);
          expect(box.bottom).toBeLessThanOrEqual(bottom);
        }
      }),
    );
  });

  it('do not write about muscle on a nerve, nor words about anything else', () => {
    const nerve = sampleStructure('nerve', 60, 60, 140, 120);
    const [from, to] = [
      { xPx: 60, yPx: 60 },
      { xPx: 140, yPx: 120 },
    ].map((point) => toCanvas(viewport, point));
    const area = {
      text: '',
      left: from?.x ?? 0,
      right: to?.x ?? 0,
      top: from?.y ?? 0,
      bottom: to?.y ?? 0,
    };
    fc.assert(
      fc.property(structures, (others) => {
        const { context, boxes } = textBoxContext();
        drawStructures(context, [nerve, ...others], viewport, 1, null);
        const onNerve = boxes.filter((box) => isCovering(box, area)).map(({ text }) => text);
        expect(onNerve.filter((text) => text === 'M' || text.length > 3)).toEqual([]);
      }),
    );
  });
});

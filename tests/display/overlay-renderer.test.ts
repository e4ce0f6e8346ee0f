import { describe, expect, it } from 'vitest';
import { CASING_COLOUR, NEEDLE_COLOUR } from '../../src/display/drawing-context.js';
import { drawOverlay, drawPictureMarks } from '../../src/display/overlay-renderer.js';
import { STRUCTURE_STYLES } from '../../src/display/structure-styles.js';
import type { TargetGuidance } from '../../src/domain/guidance.js';
import type { Needle } from '../../src/domain/needle.js';
import type { Overlay } from '../../src/domain/overlay.js';
import {
  STRUCTURE_CLASSES,
  type Structure,
  type StructureClass,
} from '../../src/domain/structure.js';
import {
  sampleFrame,
  sampleOverlay,
  sampleStructure,
  sampleViewport,
  visibleNeedle,
} from '../support/display-samples.js';
import { type Mark, recordingContext } from '../support/recording-context.js';

const frame = sampleFrame(1);
const viewport = sampleViewport(frame);

function draw(changes: Partial<Overlay>, opacity = 1): Mark[] {
  const { context, marks } = recordingContext();
  drawOverlay(context, sampleOverlay(frame, changes), viewport, opacity);
  return marks;
}

const needle = (changes: Partial<Needle>): Needle => ({ ...visibleNeedle(100, 80), ...changes });
const strokes = (marks: readonly Mark[]) =>
  marks.filter(({ kind, colour }) => kind === 'stroke' && colour !== CASING_COLOUR);
const rings = (marks: readonly Mark[]) => strokes(marks).filter(({ arcs }) => arcs.length > 0);
const words = (marks: readonly Mark[]) =>
  marks.filter(({ kind }) => kind === 'text').map(({ text }) => text);

describe('the needle', () => {
  it('has an open ring of the 90 % radius around a visible tip, with a cross-hair outside it', () => {
    const marks = draw({ needle: needle({}) });
    const [ring] = rings(marks);
    expect(ring?.arcs).toEqual([{ x: 251, y: 201, radius: 16 }]);
    expect(ring?.dash).toEqual([]);
    expect(ring?.colour).toBe(NEEDLE_COLOUR);
    const crossHair = strokes(marks).find(({ points }) => points.length === 8);
    for (const [x, y] of crossHair?.points ?? []) {
      expect(Math.hypot(x - 251, y - 201)).toBeGreaterThan(16 + 3);
    }
    expect(marks.filter(({ kind }) => kind === 'fill')).toEqual([]);
  });

  it('draws the shaft solid from the entry to the tip, with a dark casing below it', () => {
    const marks = draw({ needle: needle({}) });
    const lines = marks.filter(({ points }) => points.length === 2 && points[1]?.[0] === 251);
    expect(lines.map(({ colour, dash }) => [colour, dash])).toEqual([
      [CASING_COLOUR, []],
      [NEEDLE_COLOUR, []],
    ]);
    expect(lines[0]?.points).toEqual([
      [51, 101],
      [251, 201],
    ]);
    expect(lines[0]?.width).toBeGreaterThan(lines[1]?.width ?? 0);
  });

  it('does not let a ring get too small to be seen', () => {
    const tiny = needle({ radius90Px: 0.2, radius90Mm: 0.05 });
    expect(rings(draw({ needle: tiny }))[0]?.arcs[0]?.radius).toBe(4);
  });

  it('dashes the trajectory', () => {
    const segment = { from: { xPx: 100, yPx: 80 }, to: { xPx: 150, yPx: 105 } };
    const { guidance } = sampleOverlay(frame);
    const marks = draw({
      needle: needle({}),
      guidance: { ...guidance, trajectory: { segment, meets: null } },
    });
    const line = strokes(marks).find(({ points }) => points[1]?.[0] === 351);
    expect(line?.dash.length).toBeGreaterThan(0);
  });

  it('dashes the ring of a predicted tip and leaves the cross-hair out', () => {
    const marks = draw({ needle: needle({ state: 'tip-coasting' }) });
    expect(rings(marks)[0]?.dash.length).toBeGreaterThan(0);
    expect(strokes(marks).some(({ points }) => points.length === 8)).toBe(false);
  });

  const noTip = { tip: null, radius90Px: null, radius90Mm: null } as const;

  it('bars the visible end of a shaft whose tip is not seen', () => {
    const marks = draw({ needle: needle({ ...noTip, state: 'shaft-only' }) });
    expect(rings(marks)).toEqual([]);
    expect(words(marks)).toEqual(['?']);
    const bar = strokes(marks).at(-1);
    const [a = [0, 0], b = [0, 0]] = bar?.points ?? [];
    expect([(a[0] + b[0]) / 2, (a[1] + b[1]) / 2]).toEqual([251, 201]);
    // Square to the shaft, which runs along (2, 1).
    expect((b[0] - a[0]) * 2 + (b[1] - a[1])).toBeCloseTo(0, 9);
  });

  it('marks a cross-section with a dashed diamond and no shaft and no ring', () => {
    const marks = draw({ needle: needle({ ...noTip, state: 'out-of-plane' }) });
    expect(rings(marks)).toEqual([]);
    expect(strokes(marks)).toHaveLength(1);
    expect(strokes(marks)[0]?.points).toHaveLength(4);
    expect(strokes(marks)[0]?.dash.length).toBeGreaterThan(0);
    expect(words(marks)).toEqual([]);
  });

  it('dots the shaft of a needle that is not confirmed', () => {
    const marks = draw({ needle: needle({ ...noTip, state: 'acquiring' }) });
    expect(rings(marks)).toEqual([]);
    expect(strokes(marks)[0]?.dash.length).toBeGreaterThan(0);
  });

  it('frames the picture where the needle is lost, and draws nothing where it was', () => {
    const marks = draw({ needle: needle({ ...noTip, state: 'lost' }) });
    expect(strokes(marks)).toHaveLength(1);
    expect(strokes(marks)[0]?.points).toHaveLength(4);
    expect(strokes(marks)[0]?.dash.length).toBeGreaterThan(0);
    for (const [x, y] of strokes(marks)[0]?.points ?? []) {
      expect(Math.min(x - 50, 450 - x, y - 40, 360 - y)).toBeLessThan(6);
    }
  });

  it('draws nothing where there is no needle', () => {
    expect(draw({})).toEqual([]);
  });

  it('gives every state a drawing of its own', () => {
    const states = ['tip-visible', 'tip-coasting', 'shaft-only', 'out-of-plane', 'lost'] as const;
    const looks = [...states, 'acquiring' as const].map((state) => {
      const hasTip = state === 'tip-visible' || state === 'tip-coasting';
      const marks = draw({ needle: needle({ ...(hasTip ? {} : noTip), state }) });
      return JSON.stringify(
        marks.map(({ kind, dash, points, text }) => [kind, dash, points, text]),
      );
    });
    expect(new Set(looks).size).toBe(looks.length);
  });
});

describe('structures', () => {
  it('are outlined through the viewport, closed and never filled, with their letter', () => {
    const marks = draw({ structures: [sampleStructure('nerve', 20, 30, 60, 50)] });
    const [outline] = strokes(marks);
    expect(outline?.colour).toBe('#F0E442');
    expect(outline?.points).toEqual([
      [91, 101],
      [171, 101],
      [171, 141],
      [91, 141],
    ]);
    expect(marks.filter(({ kind }) => kind === 'fill')).toEqual([]);
    expect(words(marks)).toEqual(['N', 'nerve · keep out']);
  });

  it('draw what must not be entered above the rest', () => {
    const order: StructureClass[] = ['nerve', 'muscle', 'artery', 'fascia'];
    const structures = order.map((kind) => sampleStructure(kind, 20, 30, 60, 50));
    const colours = strokes(draw({ structures })).map(({ colour }) => colour);
    expect(colours).toEqual(
      (['muscle', 'fascia', 'artery', 'nerve'] as const).map(
        (kind) => STRUCTURE_STYLES[kind].colour,
      ),
    );
  });

  it('keep the words of what matters most where labels would lie on each other', () => {
    const structures = (['muscle', 'vein', 'nerve', 'artery'] as const).map((kind) =>
      sampleStructure(kind, 20, 30, 60, 50),
    );
    // The nerve above its outline, the artery below its own, and no room for more words. Muscle,
    // which everything else lies in, has to be written nowhere.
    expect(words(draw({ structures }))).toEqual([
      ...['N', 'nerve · keep out', 'A', 'artery · keep out'],
      'V',
    ]);
  });

  it('say their rule in words, and the area of injectate where there is a scale', () => {
    const base = sampleStructure('injectate', 20, 30, 60, 50);
    const wordsOf = (changes: Partial<Structure>) =>
      words(draw({ structures: [{ ...base, ...changes }] }))[1];
    expect(wordsOf({ rule: 'none', areaMm2: 123.4 })).toBe('injectate · 123 mm²');
    expect(wordsOf({ rule: 'none' })).toBe('injectate');
    expect(wordsOf({ class: 'pleura', rule: 'keep-off', keepOffMm: 10 })).toBe(
      'pleura · keep off 10 mm',
    );
  });

  it('are fainter, with a question mark, where they were not seen in this frame', () => {
    const structure = sampleStructure('nerve', 20, 30, 60, 50);
    const marks = draw({ structures: [{ ...structure, isCoasting: true }] });
    expect(strokes(marks)[0]?.alpha).toBeLessThan(0.6);
    expect(words(marks)[0]).toBe('N?');
  });

  it('are left out where the operator hides their class', () => {
    const { context, marks } = recordingContext();
    const structures = [
      sampleStructure('nerve', 20, 30, 60, 50),
      sampleStructure('vein', 70, 30, 90, 50),
    ];
    const hidden = new Set<StructureClass>(['vein']);
    drawOverlay(context, sampleOverlay(frame, { structures }), viewport, 1, hidden);
    expect(words(marks)[0]).toBe('N');
    expect(strokes(marks)).toHaveLength(1);
  });

  it('show an undecided vessel in both vessel colours', () => {
    const marks = strokes(draw({ structures: [sampleStructure('vessel', 20, 30, 60, 50)] }));
    expect(marks.map(({ colour }) => colour)).toEqual(['#56B4E9', '#D55E00']);
    expect(marks[1]?.dash.length).toBeGreaterThan(0);
  });

  it('can be told apart by letter alone, and by colour with line pattern alone', () => {
    const styles = STRUCTURE_CLASSES.map((structureClass) => STRUCTURE_STYLES[structureClass]);
    const letters = styles.map(({ letter }) => letter);
    const lines = styles.map(({ colour, dash }) => `${colour} ${dash}`);
    expect(new Set(letters).size).toBe(STRUCTURE_CLASSES.length);
    expect(new Set(lines).size).toBe(STRUCTURE_CLASSES.length);
  });

  it('keep a letter on the canvas', () => {
    const marks = draw({ structures: [sampleStructure('nerve', -20, -30, 60, 50)] });
    const [x = 0, y = 0] = marks.find(({ kind }) => kind === 'text')?.points[0] ?? [];
    expect(x).toBeGreaterThan(0);
    expect(y).toBeGreaterThan(0);
  });
});

describe('the clearance', () => {
  const { guidance } = sampleOverlay(frame);
  const structures = [sampleStructure('nerve', 120, 30, 160, 130)];
  const nearest = {
    structureId: 1,
    structureClass: 'nerve',
    clearanceMm: 5,
    lowerBoundMm: 3,
  } as const;

  it('is a dotted line from the ring to the nearest point, with a tick, in its colour', () => {
    const marks = draw({ needle: needle({}), structures, guidance: { ...guidance, nearest } });
    const [line, tick] = strokes(marks).slice(-2);
    // The tip is at (251, 201) with a ring of 16; the nearest point is (120, 80) of the image.
    expect(line?.points).toEqual([
      [267, 201],
      [291, 201],
    ]);
    expect(line?.dash.length).toBeGreaterThan(0);
    expect(line?.colour).toBe(STRUCTURE_STYLES.nerve.colour);
    expect(tick?.points.map(([x]) => x)).toEqual([291, 291]);
    expect(tick?.points.map(([, y]) => y).sort()).toEqual([195, 207]);
  });

  it('has no line where the engine states no nearest structure, or it is hidden', () => {
    const without = draw({ needle: needle({}), structures });
    const unknown = draw({
      needle: needle({}),
      structures,
      guidance: { ...guidance, nearest: { ...nearest, structureId: 9 } },
    });
    expect(strokes(unknown)).toEqual(strokes(without));
  });
});

describe('the target', () => {
  const { guidance } = sampleOverlay(frame);
  const target = {
    state: 'held',
    point: { xPx: 100, yPx: 80 },
    toleranceMm: 2,
    distanceMm: 12,
    upperBoundMm: 14,
    angleErrorDeg: 8,
    reason: null,
  } as const;
  const drawTarget = (changes: Partial<TargetGuidance>) =>
    draw({ guidance: { ...guidance, target: { ...target, ...changes } } });

  it('has brackets and a circle of its tolerance while it is held, open in the middle', () => {
    const [circle, brackets] = strokes(drawTarget({}));
    // 2 mm of 0.25 mm a pixel, two device pixels a pixel.
    expect(circle?.arcs).toEqual([{ x: 251, y: 201, radius: 16 }]);
    expect(circle?.dash.length).toBeGreaterThan(0);
    expect(brackets?.points).toHaveLength(12);
    expect(brackets?.dash).toEqual([]);
    for (const [x, y] of brackets?.points ?? []) {
      expect(Math.hypot(x - 251, y - 201)).toBeGreaterThan(10);
    }
  });

  it('is a dashed square with a question mark once it moved', () => {
    const marks = drawTarget({ state: 'moved' });
    expect(strokes(marks)).toHaveLength(1);
    expect(strokes(marks)[0]?.dash.length).toBeGreaterThan(0);
    expect(words(marks)).toEqual(['?']);
  });

  it('is not drawn where it is lost or has no place', () => {
    expect(drawTarget({ state: 'lost' })).toEqual([]);
    expect(drawTarget({ point: null })).toEqual([]);
  });
});

describe('the strength of an overlay', () => {
  const structures = [sampleStructure('nerve', 20, 30, 60, 50)];

  it('applies to everything of it', () => {
    const alphas = draw({ needle: needle({}), structures }, 0.5).map(({ alpha }) => alpha);
    expect(new Set(alphas)).toEqual(new Set([0.5]));
  });

  it('of zero draws nothing', () => {
    expect(draw({ needle: needle({}), structures }, 0)).toEqual([]);
  });
});

describe('marks of the picture', () => {
  const marksOf = (orientation: 'unknown' | 'MF' | 'UF' | 'MN' | 'UN', spacing = frame.spacing) => {
    const { context, marks } = recordingContext();
    drawPictureMarks(context, { orientation, spacing }, viewport);
    return marks;
  };

  it.each([
    ['MF', 'right', 'top'],
    ['UF', 'left', 'top'],
    ['MN', 'right', 'bottom'],
    ['UN', 'left', 'bottom'],
  ] as const)('%s: the marker is on the %s at the %s', (orientation, side, edge) => {
    const dot = marksOf(orientation).find(({ kind }) => kind === 'fill')?.arcs[0];
    expect((dot?.x ?? 0) > 250 ? 'right' : 'left').toBe(side);
    expect((dot?.y ?? 0) > 200 ? 'bottom' : 'top').toBe(edge);
  });

  it('move to the other side where the picture is mirrored, and say MIRRORED', () => {
    const { context, marks } = recordingContext();
    const mirrored = { ...viewport, isMirrored: true };
    drawPictureMarks(context, { orientation: 'MF', spacing: null }, mirrored);
    expect(marks.find(({ kind }) => kind === 'fill')?.arcs[0]?.x).toBeLessThan(250);
    expect(words(marks)).toEqual(['marker MIRRORED']);
    const unknown = recordingContext();
    drawPictureMarks(unknown.context, { orientation: 'unknown', spacing: null }, mirrored);
    expect(words(unknown.marks)).toEqual(['marker unknown, MIRRORED']);
  });

  it('say "marker unknown" instead of guessing a side', () => {
    const marks = marksOf('unknown', null);
    expect(words(marks)).toEqual(['marker unknown']);
    expect(marks.some(({ kind }) => kind === 'fill')).toBe(false);
  });

  it('have ruler ticks in millimetres', () => {
    const ruler = strokes(marksOf('MF')).find(({ points }) => points.length > 10);
    const ys = (ruler?.points ?? []).slice(2).map(([, y]) => y);
    // 0.25 mm a pixel, 2 device pixels a pixel: 8 device pixels a millimetre; 40 mm of image.
    expect(ys[2]).toBeCloseTo((ys[0] ?? 0) + 8, 9);
    expect(ys.length / 2).toBe(41);
    expect(words(marksOf('MF'))).toContain('5');
  });

  it('have no ruler and no millimetre where the spacing is unknown', () => {
    expect(words(marksOf('MF', null))).toEqual(['marker']);
    expect(strokes(marksOf('MF', null))).toEqual([]);
  });
});

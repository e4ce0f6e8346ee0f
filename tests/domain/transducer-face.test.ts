import { describe, expect, it } from 'vitest';
import { toWorld } from '../../src/domain/probe-pose.js';
import { depthMm, type FaceSource, transducerFace } from '../../src/domain/transducer-face.js';

const spacing = { xMm: 0.1, yMm: 0.2 };
const region = { xPx: 5, yPx: 10, widthPx: 100, heightPx: 200 };
const source = (changes: Partial<FaceSource>): FaceSource => {
  return { geometry: 'linear', sector: null, region, isDownDeeper: true, ...changes };
};
const sector = {
  apexXPx: 50,
  apexYPx: -100,
  radiusMinPx: 110,
  radiusMaxPx: 300,
  angleMinDeg: -30,
  angleMaxDeg: 30,
};

describe('a depth', () => {
  it('is measured from the near edge of the data of a linear probe', () => {
    const face = transducerFace(source({}));
    expect(face.kind).toBe('face');
    expect(depthMm({ xPx: 30, yPx: 29.5 }, face, spacing)).toBeCloseTo(4);
  });

  it('is measured upwards where the image is', () => {
    const face = transducerFace(source({ isDownDeeper: false }));
    expect(depthMm({ xPx: 30, yPx: 199.5 }, face, spacing)).toBeCloseTo(2);
  });

  it('is measured from the arc where its shape is known, also beside the middle', () => {
    const face = transducerFace(source({ geometry: 'curvilinear', sector }));
    const square = { xMm: 0.1, yMm: 0.1 };
    expect(face.kind).toBe('arc');
    expect(depthMm({ xPx: 50, yPx: 60 }, face, square)).toBeCloseTo(5);
    expect(depthMm({ xPx: 50 + 96, yPx: 28 }, face, square)).toBeCloseTo(5);
  });

  it('says that it comes from the edge of the image where the face is not known', () => {
    expect(transducerFace(source({ geometry: 'curvilinear' })).kind).toBe('image-edge');
    expect(transducerFace(source({ geometry: 'unknown' })).kind).toBe('image-edge');
  });
});

describe('a probe pose', () => {
  it('maps the image plane into the world', () => {
    // A quarter turn about z and a step.
    const pose = [0, -1, 0, 10, 1, 0, 0, 20, 0, 0, 1, 30, 0, 0, 0, 1];
    expect(toWorld({ xMm: 2, yMm: 3 }, pose)).toEqual({ xMm: 7, yMm: 22, zMm: 30 });
  });

  it('gives nothing where the matrix maps no plane', () => {
    expect(toWorld({ xMm: 2, yMm: 3 }, [1, 2, 3])).toBeNull();
    expect(
      toWorld(
        { xMm: 2, yMm: 3 },
        Array.from({ length: 16 }, () => 1),
      ),
    ).toBeNull();
    const pose = [Number.NaN, -1, 0, 10, 1, 0, 0, 20, 0, 0, 1, 30, 0, 0, 0, 1];
    expect(toWorld({ xMm: 2, yMm: 3 }, pose)).toBeNull();
  });
});

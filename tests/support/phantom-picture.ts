import type { Frame } from '../../src/domain/frame.js';
import type { LabelMap } from '../../src/domain/ground-truth.js';
import type { Structure, StructureClass } from '../../src/domain/structure.js';
import { createDemoClip } from '../../src/phantom/demo-clip.js';
import { sampleFrame, sampleStructure } from './display-samples.js';

/** One picture of the phantom and ellipses around what is in it. */
export interface PhantomPicture {
  readonly frame: Frame;
  readonly structures: readonly Structure[];
}

/** Renders the first picture of the demo: artery, vein and nerve above bone, no needle yet. */
export function phantomPicture(widthPx = 640, heightPx = 480): PhantomPicture {
  const { image, truth } = createDemoClip({ widthPx, heightPx, seed: 7 }).nextFrame();
  const frame = sampleFrame(1, {
    widthPx,
    heightPx,
    strideBytes: image.strideBytes,
    spacing: truth.spacing,
    payload: image.data,
  });
  const classes: readonly StructureClass[] = ['nerve', 'artery', 'vein'];
  const structures = classes.flatMap((structureClass, index) => {
    const contour = ellipseAround(truth.labels, structureClass);
    if (contour === null) return [];
    return [{ ...sampleStructure(structureClass, 0, 0, 1, 1), id: index + 1, contour }];
  });
  return { frame, structures };
}

/** The ellipse with the moments of a class's pixels; null where there are none. */
function ellipseAround(labels: LabelMap, structureClass: StructureClass) {
  const wanted = labels.classes.indexOf(structureClass);
  let [count, sumX, sumY, sumXX, sumYY, sumXY] = [0, 0, 0, 0, 0, 0];
  for (let at = 0; at < labels.data.length; at += 1) {
    if (wanted < 0 || labels.data[at] !== wanted) continue;
    const x = at % labels.widthPx;
    const y = Math.floor(at / labels.widthPx);
    count += 1;
    sumX += x;
    sumY += y;
    sumXX += x * x;
    sumYY += y * y;
    sumXY += x * y;
  }
  if (count === 0) return null;
  const [x, y] = [sumX / count, sumY / count];
  const [xx, yy, xy] = [sumXX / count - x * x, sumYY / count - y * y, sumXY / count - x * y];
  // The Cholesky factor of the covariance maps the unit circle onto the ellipse.
  const a = Math.sqrt(xx);
  const b = xy / a;
  const c = Math.sqrt(yy - b * b);
  return Array.from({ length: 48 }, (_, index) => {
    const angle = (index / 48) * 2 * Math.PI;
    const [u, v] = [2 * Math.cos(angle), 2 * Math.sin(angle)];
    return { xPx: x + a * u, yPx: y + b * u + c * v };
  });
}

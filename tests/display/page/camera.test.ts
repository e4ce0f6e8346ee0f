import { describe, expect, it } from 'vitest';
import { createCamera } from '../../../src/display/page/camera.js';

const MIDDLE = { xPx: 100, yPx: 80 };

describe('camera', () => {
  it('keeps what is under the pointer where it is while zooming', () => {
    const camera = createCamera();
    const keep = { xPx: 40, yPx: 20 };
    camera.zoomBy(2, MIDDLE, keep);
    const centre = camera.centre() ?? MIDDLE;
    const zoom = camera.zoom();
    expect((keep.xPx - centre.xPx) * zoom).toBeCloseTo(keep.xPx - MIDDLE.xPx);
    expect((keep.yPx - centre.yPx) * zoom).toBeCloseTo(keep.yPx - MIDDLE.yPx);
  });

  it('shows the whole image again at zoom 1, and never less than that', () => {
    const camera = createCamera();
    camera.zoomBy(3, MIDDLE, { xPx: 0, yPx: 0 });
    camera.zoomBy(-9, MIDDLE);
    expect(camera.zoom()).toBe(1);
    expect(camera.centre()).toBeNull();
  });

  it('pans only while zoomed in, and not out of the image', () => {
    const camera = createCamera();
    camera.panBy(10, 10, MIDDLE);
    expect(camera.centre()).toBeNull();
    camera.zoomBy(2, MIDDLE);
    camera.panBy(-1000, 1000, MIDDLE);
    expect(camera.centre()).toEqual({ xPx: 0, yPx: 160 });
  });

  it('keeps the brightness within its limits, in steps that come back to 1', () => {
    const camera = createCamera();
    for (let step = 0; step < 50; step += 1) camera.brightenBy(1);
    expect(camera.brightness()).toBe(2);
    for (let step = 0; step < 10; step += 1) camera.brightenBy(-1);
    expect(camera.brightness()).toBe(1);
    for (let step = 0; step < 50; step += 1) camera.brightenBy(-1);
    expect(camera.brightness()).toBe(0.4);
  });
});

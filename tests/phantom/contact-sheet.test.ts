import { describe, expect, it } from 'vitest';
import { layContactSheet } from '../../src/phantom/contact-sheet.js';
import { createPhantomClip } from '../../src/phantom/phantom-clip.js';
import { plainScene, stillNeedle } from './scene-fixtures.js';

describe('layContactSheet', () => {
  const scene = plainScene({ needle: stillNeedle(20) });
  const clip = createPhantomClip({ seed: 1, widthPx: 64, heightPx: 64, scene });
  const frames = [clip.nextFrame(), clip.nextFrame(), clip.nextFrame()];

  it('lays frames out in rows and copies their gray levels', () => {
    const sheet = layContactSheet(frames, { columns: 2, showTruth: false });
    expect([sheet.widthPx, sheet.heightPx]).toEqual([136, 136]);
    const at = 3 * (10 * sheet.widthPx + 68 + 20);
    const level = frames[1]?.image.data[10 * 64 + 20] ?? -1;
    expect([...sheet.data.slice(at, at + 3)]).toEqual([level, level, level]);
  });

  it('draws a ring in colour around the tip when asked for the truth', () => {
    const sheet = layContactSheet(frames.slice(0, 1), { columns: 1, showTruth: true });
    const tip = frames[0]?.truth.needle?.tip;
    if (tip === undefined) throw new Error('the fixture has a needle');
    const at = 3 * (Math.round(tip.yPx) * sheet.widthPx + Math.round(tip.xPx + 6));
    expect([...sheet.data.slice(at, at + 3)]).toEqual([0, 255, 0]);
  });
});

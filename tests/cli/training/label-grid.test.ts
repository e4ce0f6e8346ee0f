import { describe, expect, it } from 'vitest';
import { IDENTITY_LABELS, translation } from '../../../src/cli/training/clip-records.js';
import { labelGrid } from '../../../src/cli/training/label-grid.js';
import { GRID, LABEL_UNKNOWN, LABEL_VESSEL } from '../../../src/cli/training/shard-record.js';
import { IDENTITY } from '../../../src/domain/affine.js';

describe('The label grid', () => {
  it('gives a cell the label that most of it has', () => {
    const data = new Uint8Array(256 * 256);
    for (let y = 0; y < 4; y++) for (let x = 0; x < 7; x++) data[y * 256 + x] = 3;
    const grid = labelGrid({ widthPx: 256, heightPx: 256, data }, IDENTITY, IDENTITY_LABELS);
    expect([grid[0], grid[1], grid[2], grid[GRID]]).toEqual([3, 3, 0, 0]);
  });

  it('knows nothing outside the image', () => {
    const data = new Uint8Array(128 * 256).fill(1);
    const grid = labelGrid({ widthPx: 128, heightPx: 256, data }, IDENTITY, IDENTITY_LABELS);
    expect([grid[31], grid[32]]).toEqual([1, LABEL_UNKNOWN]);
  });

  it('renames classes by name, and calls what the shards cannot say unknown', () => {
    const table = translation({ classes: ['background', 'vein', 'vessel', 'pleura'] });
    expect([...table.subarray(0, 5)]).toEqual([0, 3, LABEL_VESSEL, LABEL_UNKNOWN, LABEL_UNKNOWN]);
  });
});

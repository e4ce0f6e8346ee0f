import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  readEventLine,
  readFrameLine,
  readTruthLine,
} from '../../../../src/display/page/review/recorded-line.js';
import { sampleFrame } from '../../../support/display-samples.js';

const { payload: _payload, ...FRAME } = sampleFrame(3);
const LINE = { payload: { offsetBytes: 5, lengthBytes: 9 }, receivedAtUs: null, frame: FRAME };

describe('lines of a recording', () => {
  it('give the frame as it was written, at its capture time where it was not live', () => {
    const read = readFrameLine(JSON.stringify(LINE));
    expect(read?.frame).toMatchObject({ frameId: 3, widthPx: 200, spacing: FRAME.spacing });
    expect(read?.atUs).toBe(FRAME.captureTimeUs);
    expect(readFrameLine(JSON.stringify({ ...LINE, receivedAtUs: 77 }))?.atUs).toBe(77);
  });

  it('are refused where they cannot be drawn', () => {
    for (const changes of [{ widthPx: 0 }, { heightPx: 1e6 }, { format: 'gif' }, { epoch: -1 }]) {
      const line = { ...LINE, frame: { ...FRAME, ...changes } };
      expect(readFrameLine(JSON.stringify(line))).toBeNull();
    }
  });

  it('never throw, whatever is in the file', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        readFrameLine(text);
        readTruthLine(text);
        readEventLine(text);
      }),
    );
  });

  it('say where a label map is, and nothing of one that cannot be drawn', () => {
    const labels = { widthPx: 4, heightPx: 3, classes: ['background', 'nerve', 'gold'] };
    const line = { position: 0, labels: { ...labels, data: { offsetBytes: 2, lengthBytes: 9 } } };
    expect(readTruthLine(JSON.stringify(line))?.labels).toEqual({
      ...line.labels,
      classes: [null, 'nerve', null],
    });
    for (const wrong of [{ widthPx: 0 }, { heightPx: 1e6 }, { classes: 'nerve' }, { data: 1 }]) {
      const spoiled = { ...line, labels: { ...line.labels, ...wrong } };
      expect(readTruthLine(JSON.stringify(spoiled))?.labels).toBeNull();
    }
  });

  it('give the true needle, and null where there is none', () => {
    const needle = { tip: { xPx: 1, yPx: 2 }, tipVisible: true, shaft: null };
    expect(readTruthLine(JSON.stringify({ position: 4, needle }))).toEqual({
      position: 4,
      tip: { xPx: 1, yPx: 2 },
      isTipVisible: true,
      shaft: null,
      labels: null,
    });
    expect(readTruthLine(JSON.stringify({ position: 4, needle: null }))?.tip).toBeNull();
  });
});

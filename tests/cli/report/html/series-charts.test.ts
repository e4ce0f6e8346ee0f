import { describe, expect, it } from 'vitest';
import { seriesCharts } from '../../../../src/cli/report/html/series-charts.js';
import { createSectionRecorder } from '../../../../src/cli/report/section-record.js';
import { sampleOverlay } from '../../../protocol/sample-overlay.js';

const SPAN = { startUs: 0, lengthS: 10 };

/** A record of frames 0.1 s apart, with an area of the spread each. */
function recordOf(areas: readonly (number | null)[], injection = 1) {
  const recorder = createSectionRecorder([]);
  areas.forEach((areaMm2, index) => {
    const overlay = sampleOverlay();
    recorder.add({
      ...overlay,
      clock: { ...overlay.clock, receivedAtUs: 100_000 * index },
      spread: {
        injection,
        state: areaMm2 === null ? 'watching' : 'seen',
        onsetUs: null,
        areaMm2,
        rateMm2PerS: null,
        centroid: null,
        vesselId: null,
      },
    });
  });
  return recorder.record();
}

describe('the plots of a report', () => {
  it('show the area of the spread over time, with a line for each injection', () => {
    const html = seriesCharts(recordOf([null, null, 4, 9, 14], 2), SPAN);
    expect(html).toContain('aria-label="Area of the spread"');
    expect(html).toContain('2. injection');
  });

  it('have none of the area where no spread was seen', () => {
    expect(seriesCharts(recordOf([null, null, null]), SPAN)).not.toContain('Area of the spread');
  });
});

import { describe, expect, it } from 'vitest';
import type { Drift } from '../../src/domain/second-opinion.js';
import { createMetrics } from '../../src/telemetry/metrics.js';

const within: Drift = { tipShiftPx: 0.2, labelsChanged: 0.01, isWithinTolerance: true };
const beyond: Drift = { tipShiftPx: null, labelsChanged: 0.2, isWithinTolerance: false };

describe('drift metrics', () => {
  it('count second opinions by outcome and observe how far they are apart', async () => {
    const metrics = createMetrics(() => ({ streams: 0, carts: 0, displays: 0, enginesReady: 0 }));
    metrics.onSecondOpinion({ kind: 'ready', by: 'fake' });
    metrics.onSecondOpinion({ kind: 'compared', drift: within, tookMs: 80 });
    metrics.onSecondOpinion({ kind: 'compared', drift: beyond, tookMs: 90 });
    metrics.onSecondOpinion({ kind: 'skipped' });
    const code = 'ECHOLINE_MODEL_RUNTIME_MISSING';
    metrics.onSecondOpinion({ kind: 'unavailable', code, message: '' });
    const { text } = await metrics.read();
    for (const outcome of ['within', 'beyond', 'skipped', 'unavailable']) {
      expect(text).toContain(`echoline_second_opinions_total{outcome="${outcome}"} 1`);
    }
    expect(text).toContain('echoline_drift_tip_pixels_count 1');
    expect(text).toContain('echoline_drift_labels_ratio_count 2');
    expect(text).toContain('echoline_drift_labels_ratio_bucket{le="0.05"} 1');
    expect(text).toContain('echoline_second_opinion_seconds_count 2');
    metrics.close();
  });
});

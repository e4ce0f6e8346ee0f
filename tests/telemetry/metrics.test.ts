import { describe, expect, it } from 'vitest';
import { NO_STAGE_MS } from '../../src/domain/overlay.js';
import { createMetrics } from '../../src/telemetry/metrics.js';

describe('the metrics of a service', () => {
  it('count what happened and read gauges at the scrape', async () => {
    let displays = 1;
    const metrics = createMetrics(() => ({ streams: 1, carts: 1, displays, enginesReady: 2 }));
    metrics.onOffered();
    metrics.onVerdict('invalid', 'ECHOLINE_FRAME_DECODE');
    metrics.onProcessed({ ...NO_STAGE_MS, infer: 4 }, 500);
    metrics.onPublished(7000);
    metrics.onRelayed();
    metrics.onRefused('ECHOLINE_AUTH_ORIGIN');
    metrics.onEngineDied();
    displays = 3;
    const { contentType, text } = await metrics.read();

    expect(contentType).toContain('text/plain');
    for (const line of [
      'echoline_frames_offered_total 1',
      'echoline_verdicts_total{verdict="invalid"} 1',
      'echoline_frame_errors_total{code="ECHOLINE_FRAME_DECODE"} 1',
      'echoline_refusals_total{code="ECHOLINE_AUTH_ORIGIN"} 1',
      'echoline_frames_relayed_total 1',
      'echoline_engine_deaths_total 1',
      'echoline_displays 3',
      'echoline_engines_ready 2',
      'echoline_stage_seconds_sum{stage="infer"} 0.004',
    ]) {
      expect(text.split('\n')).toContain(line);
    }
    expect(metrics.receiveToPublishMs()).toMatchObject({ count: 1, max: expect.closeTo(7, 1) });
    expect(metrics.hopMs().count).toBe(1);
    metrics.close();
  });

  it('of two services do not meet', async () => {
    const gauges = () => ({ streams: 0, carts: 0, displays: 0, enginesReady: 0 });
    const [a, b] = [createMetrics(gauges), createMetrics(gauges)];
    a.onOffered();
    expect((await b.read()).text).toContain('echoline_frames_offered_total 0');
    a.close();
    b.close();
  });
});

import { describe, expect, it } from 'vitest';
import type { Drift, SecondOpinionReport } from '../../src/domain/second-opinion.js';
import { createSecondOpinions } from '../../src/server/second-opinions.js';

const within: Drift = { tipShiftPx: 0.2, labelsChanged: 0.01, isWithinTolerance: true };
const beyond: Drift = { tipShiftPx: 9, labelsChanged: 0.01, isWithinTolerance: false };

function setUp(wanted: 'off' | 'auto') {
  const counted: SecondOpinionReport[] = [];
  const logged: string[] = [];
  const opinions = createSecondOpinions(
    wanted,
    { onSecondOpinion: (report) => counted.push(report) },
    {
      info: (report: SecondOpinionReport) => logged.push(`info ${report.kind}`),
      warn: (report: SecondOpinionReport) => logged.push(`warn ${report.kind}`),
    } as unknown as Parameters<typeof createSecondOpinions>[2],
  );
  return { opinions, counted, logged };
}

describe('second opinions of a service', () => {
  it('are off, or starting, before the first report', () => {
    expect(setUp('off').opinions.status()).toMatchObject({ wanted: 'off', state: 'off' });
    expect(setUp('auto').opinions.status()).toMatchObject({ state: 'starting', last: null });
  });

  it('are counted, and only what matters is logged', () => {
    const { opinions, counted, logged } = setUp('auto');
    opinions.hear({ kind: 'ready', by: 'tfjs-wasm 4' });
    opinions.hear({ kind: 'compared', drift: within, tookMs: 80 });
    opinions.hear({ kind: 'skipped' });
    opinions.hear({ kind: 'compared', drift: beyond, tookMs: 80 });
    expect(opinions.status()).toEqual({
      wanted: 'auto',
      state: 'ready',
      by: 'tfjs-wasm 4',
      reason: null,
      compared: 2,
      beyondTolerance: 1,
      skipped: 1,
      last: beyond,
    });
    expect(counted).toHaveLength(4);
    expect(logged).toEqual(['info ready', 'warn compared']);
  });

  it('say why there are none', () => {
    const { opinions, logged } = setUp('auto');
    const code = 'ECHOLINE_MODEL_RUNTIME_MISSING';
    opinions.hear({ kind: 'unavailable', code, message: 'tfjs-wasm: not installed' });
    expect(opinions.status()).toMatchObject({
      state: 'unavailable',
      reason: 'tfjs-wasm: not installed',
    });
    expect(logged).toEqual(['warn unavailable']);
  });
});

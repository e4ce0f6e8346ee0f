import { describe, expect, it } from 'vitest';
import type { Drift, SecondOpinionReport } from '../../../src/domain/second-opinion.js';
import type { OpinionSample } from '../../../src/engine/second-opinion/opinion-messages.js';
import { createSampler } from '../../../src/engine/second-opinion/sampler.js';
import { emptyHeads } from '../../support/synthetic-heads.js';
import { TEST_MANIFEST } from '../../support/test-manifest.js';

const SECOND = 1_000_000;
const drift: Drift = { tipShiftPx: null, labelsChanged: 0, isWithinTolerance: true };
const READY: SecondOpinionReport = { kind: 'ready', by: 'fake' };
const COMPARED: SecondOpinionReport = { kind: 'compared', drift, tookMs: 1 };

function setUp() {
  const sent: OpinionSample[] = [];
  const reports: SecondOpinionReport['kind'][] = [];
  const sampler = createSampler({
    manifest: TEST_MANIFEST,
    intervalUs: SECOND,
    send: (sample) => sent.push(sample),
    onReport: ({ kind }) => reports.push(kind),
  });
  const network = { input: new Uint8Array(12).fill(9), outputs: emptyHeads(TEST_MANIFEST) };
  return { sampler, network, sent, reports };
}

describe('the sampler of second opinions', () => {
  it('takes nothing before the second opinion is ready', () => {
    const { sampler, network, sent } = setUp();
    sampler.offer(network, 0);
    expect(sent).toEqual([]);
    sampler.hear(READY);
    sampler.offer(network, 1);
    expect(sent).toHaveLength(1);
  });

  it('takes one sample an interval, whatever the frame rate', () => {
    const { sampler, network, sent } = setUp();
    sampler.hear(READY);
    for (let frame = 0; frame < 90; frame++) {
      sampler.offer(network, Math.round((frame * SECOND) / 30));
      sampler.hear(COMPARED);
    }
    expect(sent).toHaveLength(3);
  });

  it('copies what it sends: the network goes on with its buffers', () => {
    const { sampler, network, sent } = setUp();
    sampler.hear(READY);
    sampler.offer(network, 0);
    network.input.fill(0);
    expect(sent[0]?.input).toEqual(new Uint8Array(12).fill(9));
    expect(sent[0]?.summary.labels).toHaveLength(16 * 16);
  });

  it('skips samples while one is under way, says so, and keeps none for later', () => {
    const { sampler, network, sent, reports } = setUp();
    sampler.hear(READY);
    for (let second = 0; second < 4; second++) sampler.offer(network, second * SECOND);
    expect(sent).toHaveLength(1);
    expect(reports).toEqual(['ready', 'skipped', 'skipped', 'skipped']);
    sampler.hear(COMPARED);
    expect(sent).toHaveLength(1);
    sampler.offer(network, 4 * SECOND);
    expect(sent).toHaveLength(2);
  });

  it('takes no more once the second opinion is unavailable, and says that once', () => {
    const { sampler, network, sent, reports } = setUp();
    sampler.hear(READY);
    const code = 'ECHOLINE_MODEL_RUNTIME_MISSING';
    sampler.hear({ kind: 'unavailable', code, message: 'not there' });
    sampler.hear({ kind: 'unavailable', code, message: 'its process ended' });
    sampler.offer(network, SECOND);
    expect(sent).toEqual([]);
    expect(reports).toEqual(['ready', 'unavailable']);
  });
});

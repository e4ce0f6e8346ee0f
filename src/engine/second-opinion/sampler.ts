import type { ModelManifest } from '../../domain/model-manifest.js';
import type { SecondOpinionReport } from '../../domain/second-opinion.js';
import type { HeadOutputs } from '../../pipeline/frame-context.js';
import { summariseHeads } from '../../pipeline/infer/drift.js';
import type { OpinionSample } from './opinion-messages.js';

/** What a sampler is made of. */
export interface SamplerOptions {
  readonly manifest: ModelManifest;
  /** Shortest time between two samples, µs. */
  readonly intervalUs: number;
  /** Hands a sample to whoever gives the second opinion; must not wait for it. */
  send(sample: OpinionSample): void;
  onReport(report: SecondOpinionReport): void;
}

/** Decides which inferences get a second opinion. */
export interface Sampler {
  /** The network's buffers right after an inference. Copied, if at all. */
  offer(
    network: { readonly input: Uint8Array; readonly outputs: HeadOutputs },
    nowUs: number,
  ): void;
  /** What the second opinion says. */
  hear(report: SecondOpinionReport): void;
}

/**
 * At most one sample per interval and one at a time: where the second opinion is slower than the
 * interval, samples are skipped and counted, never queued.
 */
export function createSampler(options: SamplerOptions): Sampler {
  let state: 'starting' | 'idle' | 'busy' | 'over' = 'starting';
  let sampledAtUs = Number.NEGATIVE_INFINITY;
  return {
    offer(network, nowUs) {
      if (state === 'starting' || state === 'over') return;
      if (nowUs - sampledAtUs < options.intervalUs) return;
      sampledAtUs = nowUs;
      if (state === 'busy') {
        options.onReport({ kind: 'skipped' });
        return;
      }
      state = 'busy';
      const summary = summariseHeads(network.outputs, options.manifest);
      options.send({ input: network.input.slice(), summary });
    },
    hear(report) {
      if (state === 'over') return;
      state = report.kind === 'unavailable' ? 'over' : 'idle';
      options.onReport(report);
    },
  };
}

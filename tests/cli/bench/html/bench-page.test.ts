import { describe, expect, it } from 'vitest';
import { benchPage } from '../../../../src/cli/bench/html/bench-page.js';
import { peerRatios, winnerOf } from '../../../../src/cli/bench/html/peers-section.js';
import type { BenchResult } from '../../../../src/cli/bench/result.js';
import { benchResult, repeated, suiteOf, wholeBenchResult } from '../../../support/bench-result.js';

const HOSTILE = '"><script>alert(1)</script>';

/** The result as it comes out of a file, with every text replaced by something hostile. */
function hostile(result: BenchResult): BenchResult {
  const keep = new Set(['histogram', 'met', 'mode', 'suite', 'load', 'target']);
  return JSON.parse(JSON.stringify(result), (key, value) =>
    typeof value === 'string' && !keep.has(key) ? HOSTILE : value,
  );
}

describe('the page of a benchmark', () => {
  const html = benchPage([wholeBenchResult()]);

  it('asks nothing of anyone and runs nothing', () => {
    expect(html).not.toMatch(/<script|@import|https?:|<link(?! rel="icon" href="data:,")/);
    expect(html).toContain("default-src 'none'");
  });

  it('has every table and every diagram', () => {
    for (const words of [
      'Figures to reach',
      'Latency by percentile',
      'Where the time goes',
      'Overload: age of the newest overlay',
      'Streams: latency',
      'Against what people would use instead',
      'Every load',
    ]) {
      expect(html).toContain(words);
    }
    expect(html.match(/<svg /g)).toHaveLength(8);
    expect(html).not.toMatch(/NaN|undefined|Infinity|\[object/);
  });

  it('shows kernels, exponents and the soak each in their own form', () => {
    const kernels = ['reference', 'native', 'ratio'].map((column, index) => {
      return { name: `gray conversion, ${column}`, value: 10 - 2 * index, unit: 'µs' };
    });
    const cost = [{ name: 'latency p50 over pixels', value: 0.25, unit: 'exponent' }];
    const soak = [1, 2, 3].flatMap((part) => repeated('echoline', { part }, 4).slice(0, 1));
    const page = benchPage([
      benchResult([
        { ...suiteOf('kernels', []), figures: kernels },
        { ...suiteOf('cost', []), figures: cost },
        suiteOf('soak', soak),
      ]),
    ]);
    expect(page).toMatch(/gray conversion<\/th><td>10<\/td><td>8<\/td><td>6<\/td>/);
    expect(page).toMatch(/over pixels<\/th>.*latency p50<\/th><td>0.25<\/td>/);
    expect(page).toContain('Soak: latency of each part');
    expect(page).toContain('Soak: memory of all processes');
  });

  it('says in words where a peer wins', () => {
    expect(html).toMatch(/<strong>A peer wins<\/strong> in node, paced: p50; node, paced: p99/);
    expect(html).not.toMatch(/<strong>A peer wins<\/strong>[^.]*python/);
  });

  it('says when a form is indicative and why a result must not be quoted', () => {
    const quick = benchPage([wholeBenchResult({ mode: 'quick', invalidBecause: ['sent late'] })]);
    expect(quick).toContain('Form quick: figures are indicative');
    expect(quick).toContain('<li>sent late</li>');
  });

  it('escapes everything that comes from a file', () => {
    const page = benchPage([hostile(wholeBenchResult({ invalidBecause: ['a'] }))]);
    expect(page).not.toContain('<script');
    expect(page).toContain('&lt;script&gt;alert(1)');
  });

  it('keeps several results apart', () => {
    const page = benchPage([
      wholeBenchResult({ startedAt: '2026-01-01T00:00:00.000Z' }),
      wholeBenchResult({ startedAt: '2026-02-02T00:00:00.000Z' }),
    ]);
    expect(page.match(/<h2>/g)).toHaveLength(2);
  });

  it('is a page also without any load, and with figures that came out as none', () => {
    expect(benchPage([benchResult([])])).toContain('No load was measured');
    const figures = [{ name: 'ratio', value: null as unknown as number, unit: 'ratio' }];
    const empty = benchResult([{ ...suiteOf('start', []), figures }]);
    expect(benchPage([empty])).toContain('start: ratio');
    expect(benchPage([empty])).not.toMatch(/NaN|null/);
  });

  it('refuses a histogram that cannot be read', () => {
    const broken = JSON.parse(JSON.stringify(wholeBenchResult()));
    broken.suites[0].measurements[0].figures.dueToOverlayMs.histogram = 'HISTF';
    expect(() => benchPage([broken])).toThrow(
      expect.objectContaining({ code: 'ECHOLINE_BENCH_RESULT' }),
    );
  });
});

describe('the ratios to the peers', () => {
  const ratioOf = (own: number, theirs: number, repetitions = 5) => {
    const conditions = { load: 'paced', fps: 30, streams: 1 };
    const measurements = [
      ...repeated('echoline', conditions, own).slice(0, repetitions),
      ...repeated('python', conditions, theirs).slice(0, repetitions),
    ];
    const found = peerRatios(measurements).find(({ metric }) => metric.name === 'p50');
    if (found === undefined) throw new Error('expected a ratio');
    return found;
  };

  it('are of Echoline over the peer, and won by whoever is better beyond the interval', () => {
    expect(ratioOf(2, 4).interval?.ratio).toBeCloseTo(0.5, 1);
    expect(winnerOf(ratioOf(2, 4))).toBe('echoline');
    expect(winnerOf(ratioOf(4, 2))).toBe('peer');
    expect(winnerOf(ratioOf(4, 4.02))).toBe('open');
  });

  it('have no winner with fewer than five repetitions', () => {
    expect(ratioOf(2, 4, 4).interval).toBeNull();
    expect(winnerOf(ratioOf(2, 4, 4))).toBe('open');
  });
});

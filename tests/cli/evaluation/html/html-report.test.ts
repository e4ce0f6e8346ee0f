import { beforeAll, describe, expect, it } from 'vitest';
import type { EvaluationReport } from '../../../../src/cli/evaluation/evaluation-report.js';
import type { KeptFrame } from '../../../../src/cli/evaluation/frame-gallery.js';
import { htmlReport } from '../../../../src/cli/evaluation/html/html-report.js';
import { sampleReport } from '../../../support/evaluation-report.js';

describe('the HTML report', () => {
  let report: EvaluationReport;
  let kept: readonly KeptFrame[];
  let html: string;

  beforeAll(async () => {
    ({ report, kept } = await sampleReport());
    html = await htmlReport(report, kept);
  });

  it('asks nothing of anyone: no address but pictures inside of it', () => {
    const addresses = [...html.matchAll(/(?:href|src)="([^"]*)"|url\(([^)]*)\)/g)];
    expect(addresses.length).toBeGreaterThan(0);
    expect(addresses.every((match) => (match[1] ?? match[2] ?? '').startsWith('data:'))).toBe(true);
    expect(html).not.toMatch(/<script|@import|https?:/);
  });

  it('says what it is about: the model and its hash, the conditions, and what it is not', () => {
    for (const words of [
      report.model.id,
      report.model.sha256,
      '50 draws, seed 1',
      'Not a medical device; synthetic accuracy is not clinical accuracy.',
    ]) {
      expect(html).toContain(words);
    }
  });

  it('says when it was stopped early', async () => {
    const conditions = { ...report.conditions, isComplete: false };
    expect(html).not.toContain('STOPPED EARLY');
    expect(await htmlReport({ ...report, conditions }, [])).toContain('STOPPED EARLY');
  });

  it('never puts simulated and real figures into one table', () => {
    const [simulated = '', real = ''] = html.split('<h2 class="real">');
    expect(simulated).toContain('held-out phantom');
    expect(simulated).not.toMatch(/<t[hd][^>]*>[^<]*(usgra|real needle)/);
    expect(real).not.toMatch(/<t[hd][^>]*>[^<]*phantom/);
    expect(real).toContain('Skipped: no data');
    const tables = html.match(/<table>.*?<\/table>/gs) ?? [];
    expect(tables.length).toBeGreaterThan(5);
    const isMixed = (table: string) =>
      /phantom|robustness/.test(table) && /usgra|real /.test(table);
    expect(tables.filter(isMixed)).toEqual([]);
  });

  it('shows simulated frames only, one a clip in each category, with truth and overlay', () => {
    expect(kept.length).toBeGreaterThan(0);
    expect(kept.every(({ scored }) => scored.sequence.isSimulated)).toBe(true);
    const places = kept.map(({ category, scored }) => `${category} ${scored.sequence.block}`);
    expect(new Set(places).size).toBe(places.length);
    const of = (category: string) =>
      kept.filter((one) => one.category === category).map(({ scored }) => scored.sequence.block);
    expect(of('nearest to the true tip')[0]).toBe('heldout 1');
    expect(of('farthest from the true tip')[0]).toBe('heldout 2');
    expect(of('a tip where there is no needle')).toEqual(['heldout 3']);
    expect(html.match(/data:image\/png;base64/g)).toHaveLength(kept.length);
    expect(html).toContain('stroke="#3ddc62"');
    expect(html).toContain('stroke="#ff8c1a"');
  });

  it('takes names as text, not as HTML', () => {
    expect(html).toContain('a &lt;sample&gt; of heldout');
    expect(html).not.toContain('<sample>');
    expect(html).not.toContain('<linear>');
  });
});

import { escapeHtml, htmlTable } from '../../html/escape.js';
import type { Figure, Measurement } from '../result.js';
import { words3 } from './bars.js';
import { linePlot } from './plot.js';

/** Names of what `kernels` measures end with one of these. */
const KERNEL_COLUMNS = ['reference', 'native', 'ratio'] as const;

/** One row a kernel: the reference's time, the native one's, and their ratio; '' without any. */
export function kernelsSection(figures: readonly Figure[]): string {
  const names = [...new Set(figures.map(({ name }) => name.replace(/, \w+$/, '')))];
  const valueNamed = (name: string) => figures.find((one) => one.name === name)?.value;
  const rows = names.map((name) => {
    const cells = KERNEL_COLUMNS.map((column) => numberWords(valueNamed(`${name}, ${column}`)));
    return [escapeHtml(name), ...cells];
  });
  if (rows.length === 0) return '';
  const head = ['kernel', 'reference (or sharp), µs', 'native, µs', 'ratio'];
  return htmlTable('Kernels: CPU time of both, by turns', [head, ...rows]);
}

/** What grows, by what it grows with; '' without any. */
export function costSection(figures: readonly Figure[]): string {
  const pairs = figures.map(({ name, value }) => ({ parts: name.split(' over '), value }));
  const part = (index: number) => [...new Set(pairs.map(({ parts }) => parts[index] ?? ''))];
  const [whats, overs] = [part(0), part(1)];
  const rows = whats.map((what) => [
    escapeHtml(what),
    ...overs.map((over) => {
      const found = pairs.find(({ parts: [a, b] }) => a === what && b === over);
      return numberWords(found?.value);
    }),
  ]);
  if (rows.length === 0) return '';
  const caption = 'Cost: exponent b of figure = a · x^b (0 = does not grow, 1 = in proportion)';
  return htmlTable(caption, [['figure', ...overs.map((over) => `over ${over}`)], ...rows]);
}

/** Latency and memory of the soak's parts, in their order; '' without any. */
export function soakSection(parts: readonly Measurement[]): string {
  const pointsOf = (read: (one: Measurement) => number | null | undefined) =>
    parts.flatMap((one) => {
      const [x, y] = [one.conditions.part, read(one)];
      return typeof x === 'number' && typeof y === 'number' ? [[x + 1, y] as const] : [];
    });
  const x = { title: 'part of the soak', scale: 'linear' } as const;
  const line = (name: string, read: (one: Measurement) => number | null | undefined) => ({
    name,
    points: pointsOf(read),
    hasDots: true,
  });
  return [
    linePlot('Soak: latency of each part', x, { title: 'ms', scale: 'linear' }, [
      line('p50', ({ figures }) => figures.dueToOverlayMs?.p50),
      line('p99', ({ figures }) => figures.dueToOverlayMs?.p99),
    ]),
    linePlot('Soak: memory of all processes', x, { title: 'MiB', scale: 'linear' }, [
      line('resident memory, largest in each part', ({ figures: { targetMemoryBytesMax } }) =>
        targetMemoryBytesMax === null ? null : targetMemoryBytesMax / 2 ** 20,
      ),
    ]),
  ].join('\n');
}

function numberWords(value: number | null | undefined): string {
  return typeof value === 'number' ? words3(value) : '–';
}

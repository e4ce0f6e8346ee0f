import type { DisplayView } from '../display-session.js';
import { Plot, type PlotData } from './plot.js';

/** As many overlays as the line shows: about 4 s at 30 frames/s. */
const SAMPLES = 120;
/** The line's top is at least this, ms, so that a quiet stream does not look like a wild one. */
const TOP_MIN_MS = 50;

/** A line of the newest overlays' latencies, without axes: whether it is steady, not how much. */
export interface LatencySparkline {
  /** Takes the overlay that is shown now, once. */
  note(view: DisplayView<unknown>): void;
  /** Draws; a few times a second. */
  draw(): void;
}

/** Makes the line, as large as its parent. */
export function createLatencySparkline(parent: HTMLElement): LatencySparkline {
  const samples: number[] = [];
  let last: object | null = null;
  let isAcrossClocks = false;
  let plot: Plot | null = null;

  function makePlot(): Plot {
    const made = new Plot(
      {
        width: parent.clientWidth,
        height: parent.clientHeight,
        padding: [3, 0, 0, 0],
        legend: { show: false },
        cursor: { show: false },
        axes: [{ show: false }, { show: false }],
        scales: {
          x: { time: false },
          y: { range: (_plot, _low, high) => [0, Math.max(TOP_MIN_MS, high ?? 0)] },
        },
        series: [{}, { stroke: '#8fd3ff', width: 1.5, points: { show: false } }],
      },
      [[], []],
      parent,
    );
    new ResizeObserver(() => {
      made.setSize({ width: parent.clientWidth, height: parent.clientHeight });
    }).observe(parent);
    return made;
  }

  return {
    note({ shown, overlayAge }) {
      const overlay = shown?.overlay ?? null;
      if (overlay === null || overlay === last || overlayAge === null) return;
      last = overlay;
      const isAcross = overlayAge.since !== 'received';
      // Two different things are never drawn as one line.
      if (isAcross !== isAcrossClocks) samples.length = 0;
      isAcrossClocks = isAcross;
      const { publishedAtUs, receivedAtUs } = overlay.clock;
      samples.push(isAcross ? overlayAge.ageMs : (publishedAtUs - receivedAtUs) / 1000);
      if (samples.length > SAMPLES) samples.shift();
    },
    draw() {
      if (parent.clientWidth === 0) return;
      plot ??= makePlot();
      const from = SAMPLES - samples.length;
      const data: PlotData = [samples.map((_, index) => from + index), [...samples]];
      plot.setData(data, false);
      plot.setScale('x', { min: 0, max: SAMPLES - 1 });
    },
  };
}

import { Plot, type PlotData } from '../plot.js';

const AXIS_COLOUR = '#a9b5c0';
const GRID_COLOUR = '#29323b';

/** A figure over the time of a recording, with a line where the review stands. */
export interface ReviewPlot {
  at(timeS: number): void;
  close(): void;
}

/** Makes a plot as large as its parent; a click goes to that time. */
export function createReviewPlot(
  parent: HTMLElement,
  title: string,
  data: PlotData,
  colour: string,
  onSeek: (timeS: number) => void,
): ReviewPlot {
  const axis = {
    stroke: AXIS_COLOUR,
    grid: { stroke: GRID_COLOUR, width: 1 },
    ticks: { show: false },
  };
  const size = () => ({
    width: parent.clientWidth,
    height: Math.max(60, parent.clientHeight - 18),
  });
  const plot = new Plot(
    {
      title,
      ...size(),
      padding: [4, 8, 0, 0],
      legend: { show: false },
      cursor: { y: false, points: { show: false }, drag: { x: false, y: false } },
      scales: { x: { time: false } },
      axes: [
        { ...axis, size: 22 },
        { ...axis, size: 34 },
      ],
      series: [{}, { stroke: colour, width: 1.5, spanGaps: false, points: { show: false } }],
    },
    data,
    parent,
  );
  plot.over.addEventListener('click', (event) => onSeek(plot.posToVal(event.offsetX, 'x')));
  const observer = new ResizeObserver(() => plot.setSize(size()));
  observer.observe(parent);
  return {
    at: (timeS) => plot.setCursor({ left: plot.valToPos(timeS, 'x'), top: 0 }, false),
    close() {
      observer.disconnect();
      plot.destroy();
    },
  };
}

import uPlot from 'uplot';

/** The chart library (decision record 12): the only place that imports it. */
export const Plot = uPlot;
export type Plot = uPlot;
/** Columns: x first, then each series; null = a gap. */
export type PlotData = [xs: number[], ...series: (number | null)[][]];

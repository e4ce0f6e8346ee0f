import type { Scene } from '../scene.js';
import { type Condition, condition, levelAbove } from './condition.js';

const KIND = 'probe-moved';
/** How far back movement is added up, µs. */
const WINDOW_US = 1_000_000;
/** Movement within the window at which it begins and ends, mm: quiet breathing stays below. */
const ENTER_MM = 3;
const LEAVE_MM = 1.5;

/** Movements of the tissue in the image within the last second, oldest first. */
export type RecentShifts = readonly {
  readonly atUs: number;
  readonly xMm: number;
  readonly yMm: number;
}[];

/** Takes in a frame's movement. */
export function nextShifts(shifts: RecentShifts, scene: Scene, nowUs: number): RecentShifts {
  const { tissueShiftPx, gateSpacing } = scene.context;
  const xMm = tissueShiftPx.xPx * gateSpacing.xMm;
  const yMm = tissueShiftPx.yPx * gateSpacing.yMm;
  return [...shifts.filter(({ atUs }) => nowUs - atUs < WINDOW_US), { atUs: nowUs, xMm, yMm }];
}

/**
 * The image has moved over the tissue: the other of the two most frequent errors of novices (Sites
 * 2007). The image shows only that one moved against the other, and only in its own plane.
 */
export function probeMoved(shifts: RecentShifts): Condition {
  const x = shifts.reduce((sum, { xMm }) => sum + xMm, 0);
  const y = shifts.reduce((sum, { yMm }) => sum + yMm, 0);
  const level = levelAbove(Math.hypot(x, y), ENTER_MM, LEAVE_MM);
  return condition(KIND, level, 'Probe or tissue moved');
}

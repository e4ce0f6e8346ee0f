import { describe, expect, it } from 'vitest';
import { createFrameRateMeter } from '../../src/display/frame-rate.js';

const frame = (captureTimeUs: number, epoch = 0) => ({ epoch, captureTimeUs });

describe('a frame rate', () => {
  it('counts what arrived in the last two seconds', () => {
    const meter = createFrameRateMeter();
    for (let index = 0; index < 90; index += 1) meter.add(frame(index * 33_333), index * 33_333);
    expect(meter.perSecond(2_970_000)).toBe(30);
    expect(meter.perSecond(3_970_000)).toBe(15);
    expect(meter.perSecond(6_000_000)).toBe(0);
  });

  it('takes the interval from the capture, whatever bursts the network makes', () => {
    const meter = createFrameRateMeter();
    for (let index = 0; index < 40; index += 1) meter.add(frame(index * 50_000), 7);
    expect(meter.intervalMs()).toBeCloseTo(50, 6);
  });

  it('has no interval before two frames, and none across epochs, gaps or backward steps', () => {
    const meter = createFrameRateMeter();
    expect(meter.intervalMs()).toBeNull();
    meter.add(frame(0), 0);
    meter.add(frame(40_000, 1), 1);
    meter.add(frame(5_000_000, 1), 2);
    meter.add(frame(4_000_000, 1), 3);
    expect(meter.intervalMs()).toBeNull();
  });
});

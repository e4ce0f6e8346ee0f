import { describe, expect, it } from 'vitest';
import { createReviewPosition } from '../../../../src/display/page/review/review-position.js';

const moment = (fromS: number) => ({ kind: 'event', fromS, untilS: fromS, words: '' }) as const;
const RECORDING = { timesS: [0, 0.1, 0.2, 0.5, 1], moments: [moment(0.15), moment(0.5)] };

describe('review position', () => {
  it('goes image by image, within the recording', () => {
    const position = createReviewPosition(RECORDING);
    position.goTo(-3);
    expect(position.index()).toBe(0);
    position.goTo(99);
    expect(position.index()).toBe(4);
    expect(position.timeS()).toBe(1);
  });

  it('goes to the image that was current at a time', () => {
    const position = createReviewPosition(RECORDING);
    position.goToTime(0.49);
    expect(position.index()).toBe(2);
  });

  it('jumps to the image in which something began', () => {
    const position = createReviewPosition(RECORDING);
    position.jump(1);
    expect(position.index()).toBe(1);
    position.jump(1);
    expect(position.index()).toBe(3);
    position.jump(1);
    expect(position.index()).toBe(3);
    position.jump(-1);
    expect(position.index()).toBe(1);
  });

  it('plays at the pace of the recording, stops at its end, and begins anew after it', () => {
    const position = createReviewPosition(RECORDING);
    position.togglePlay(1000);
    position.advance(1250);
    expect(position.index()).toBe(2);
    expect(position.isPlaying()).toBe(true);
    position.advance(9000);
    expect(position.index()).toBe(4);
    expect(position.isPlaying()).toBe(false);
    position.togglePlay(9000);
    expect(position.index()).toBe(0);
    position.goTo(2);
    expect(position.isPlaying()).toBe(false);
  });
});

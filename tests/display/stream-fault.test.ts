import { describe, expect, it } from 'vitest';
import { createStreamFaultWatch, INVALID_SHOWN_MS } from '../../src/display/stream-fault.js';

const MS = 1000;

describe('a stream', () => {
  it('is without fault before anything has come, and while frames and overlays come', () => {
    const watch = createStreamFaultWatch();
    expect(watch.fault(0)).toBeNull();
    for (let ms = 0; ms < 3000; ms += 33) {
      watch.frame(ms * MS);
      watch.overlay((ms + 10) * MS);
      expect(watch.fault((ms + 11) * MS)).toBeNull();
    }
  });

  it('has an invalid overlay for long enough to be seen, and then no more', () => {
    const watch = createStreamFaultWatch();
    watch.refused({ what: 'frame', reason: 'no overlay' }, 0);
    expect(watch.fault(1)).toBeNull();
    watch.refused({ what: 'overlay', reason: 'bad' }, 10 * MS);
    expect(watch.fault(11 * MS)).toBe('overlay-invalid');
    expect(watch.fault((9 + INVALID_SHOWN_MS) * MS)).toBe('overlay-invalid');
    expect(watch.fault((10 + INVALID_SHOWN_MS) * MS)).toBeNull();
  });

  it('has overlays without frames once they have come alone for a second', () => {
    const watch = createStreamFaultWatch();
    watch.frame(0);
    for (let ms = 33; ms <= 1100; ms += 33) watch.overlay(ms * MS);
    expect(watch.fault(900 * MS)).toBeNull();
    expect(watch.fault(1101 * MS)).toBe('overlays-without-frames');
    watch.frame(1200 * MS);
    expect(watch.fault(1201 * MS)).toBeNull();
  });

  it('has them also where no frame ever came, and not when the overlays end, too', () => {
    const watch = createStreamFaultWatch();
    watch.overlay(0);
    expect(watch.fault(500 * MS)).toBeNull();
    watch.overlay(1000 * MS);
    expect(watch.fault(1001 * MS)).toBe('overlays-without-frames');
    expect(watch.fault(2500 * MS)).toBeNull();
  });
});

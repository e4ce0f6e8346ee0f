import { describe, expect, it } from 'vitest';
import { EcholineError } from '../../src/domain/errors.js';
import { parseMessageToDisplay } from '../../src/protocol/control-codec.js';
import { encodeOverlay } from '../../src/protocol/overlay-message.js';
import { sampleOverlay, unavailableOverlay } from './sample-overlay.js';

describe('an overlay message', () => {
  it('comes back as it was sent', () => {
    expect(parseMessageToDisplay(encodeOverlay(sampleOverlay()))).toEqual(sampleOverlay());
  });

  it('comes back when nothing is known', () => {
    expect(parseMessageToDisplay(encodeOverlay(unavailableOverlay()))).toEqual(
      unavailableOverlay(),
    );
  });

  it('tells what is research about the spread only within its ranges', () => {
    const spread = (contactAngleDeg: number) => ({
      injection: 1,
      state: 'seen' as const,
      onsetUs: 5,
      areaMm2: 40,
      rateMm2PerS: 3,
      centroid: { xPx: 90, yPx: 80 },
      vesselId: null,
      research: { nerveId: 1, contactAngleDeg, nerveAreaRatio: 1.2 },
    });
    const told = sampleOverlay({ spread: spread(120) });
    expect(parseMessageToDisplay(encodeOverlay(told))).toEqual(told);
    const impossible = encodeOverlay(sampleOverlay({ spread: spread(400) }));
    expect(() => parseMessageToDisplay(impossible)).toThrow('spread.research');
  });

  it('may carry fields of a newer minor at any depth', () => {
    const overlay = JSON.parse(encodeOverlay(sampleOverlay()));
    overlay.needle.gaugeG = 22;
    overlay.structures[0].colour = 'red';
    overlay.later = true;
    expect(parseMessageToDisplay(JSON.stringify(overlay))).toMatchObject({ later: true });
  });

  it.each([
    ['needle.tip.xPx', (overlay: ReturnType<typeof loose>) => (overlay.needle.tip.xPx = 'left')],
    ['needle.state', (overlay: ReturnType<typeof loose>) => (overlay.needle.state = 'gone')],
    ['needle.confidence', (overlay: ReturnType<typeof loose>) => (overlay.needle.confidence = 2)],
    ['spacing', (overlay: ReturnType<typeof loose>) => (overlay.spacing = 5)],
    ['structures.0.class', (o: ReturnType<typeof loose>) => (o.structures[0].class = 'liver')],
    ['structures.0.contour', (o: ReturnType<typeof loose>) => o.structures[0].contour.pop()],
    [
      'structures.0.contour.2',
      (o: ReturnType<typeof loose>) => (o.structures[0].contour[2] = null),
    ],
    [
      'structures.0.contour.0',
      (o: ReturnType<typeof loose>) => (o.structures[0].contour[0] = { xPx: 1 }),
    ],
    [
      'structures.0.contour.1',
      (o: ReturnType<typeof loose>) => (o.structures[0].contour[1].yPx = '4'),
    ],
    ['frameId', (overlay: ReturnType<typeof loose>) => (overlay.frameId = -1)],
    ['guidance.validity', (o: ReturnType<typeof loose>) => (o.guidance.validity = 'perhaps')],
  ])('is refused when %s is wrong, and the error names it', (field, spoil) => {
    const overlay = loose();
    spoil(overlay);
    const parse = () => parseMessageToDisplay(JSON.stringify(overlay));
    expect(parse).toThrow(EcholineError);
    expect(parse).toThrow(expect.objectContaining({ code: 'ECHOLINE_PROTOCOL_CONTROL_INVALID' }));
    expect(parse).toThrow(field);
  });

  /** The sample as parsed JSON, which a test may spoil. */
  function loose() {
    return JSON.parse(encodeOverlay(sampleOverlay()));
  }
});

import { describe, expect, it } from 'vitest';
import { createDisplaySession } from '../../src/display/display-session.js';
import type { Picture } from '../../src/display/frame-picture.js';
import { sceneOfView } from '../../src/display/scene-of-view.js';
import { sessionEvents } from '../../src/display/session-events.js';
import type { Frame } from '../../src/domain/frame.js';
import type { StructureClass } from '../../src/domain/structure.js';
import { sampleFrame, sampleOverlay, visibleNeedle } from '../support/display-samples.js';

const picture: Picture = { source: {} as CanvasImageSource, release: () => {} };
const frame = sampleFrame(1);
const overlay = sampleOverlay(frame, { needle: visibleNeedle(50, 50) });

function setUp(make: (frame: Frame) => Promise<Picture> = async () => picture) {
  const session = createDisplaySession<Picture>(() => {});
  return { session, events: sessionEvents(session, { make }, () => 1000) };
}

describe('events that feed a session', () => {
  it('decode frames and pair them with their overlays', async () => {
    const { session, events } = setUp();
    await events.frame(frame, 0);
    events.overlay(overlay, 500);
    const view = session.view(1000);
    expect(view.shown?.frame.picture).toBe(picture);
    expect(view.current).toBe(overlay);
  });

  it('note a picture that cannot be decoded: the stream lives, nothing of it is shown', async () => {
    const { session, events } = setUp(async () => {
      throw new Error('no JPEG');
    });
    await events.frame(frame, 0);
    const view = session.view(40_000);
    expect(view.shown).toBeNull();
    expect(view.staleness.state).not.toBe('WAITING');
  });

  it('say that overlays are refused', () => {
    const { session, events } = setUp();
    events.refused({ what: 'overlay', reason: 'words' });
    expect(session.view(2000).fault).toBe('overlay-invalid');
  });
});

describe('the scene of a view', () => {
  it('is none before the first picture', () => {
    expect(sceneOfView(setUp().session.view(0))).toBeNull();
  });

  it('is as strong as the overlay is current, unless the operator hides it', async () => {
    const { session, events } = setUp();
    await events.frame(frame, 0);
    events.overlay(overlay, 0);
    const view = session.view(1000);
    expect(sceneOfView(view)).toMatchObject({ overlay, opacity: 1, notice: null });
    const hiddenClasses = new Set<StructureClass>(['muscle']);
    const hidden = sceneOfView(view, { isOverlayHidden: true, hiddenClasses });
    expect(hidden).toMatchObject({ opacity: 0, notice: 'OVERLAY HIDDEN', hiddenClasses });
  });
});

import type { Frame } from '../domain/frame.js';
import type { DisplayEvents } from './display-events.js';
import type { DisplaySession } from './display-session.js';
import type { Picture, PictureMaker } from './frame-picture.js';

/**
 * The events of a client that feed a session: decodes pictures, passes on overlays, clock, stream
 * and refusals. A host that wants to know more adds its own handlers around these.
 *
 * @param nowUs - the display's monotonic clock, the same that `session.view` is asked with
 */
export function sessionEvents(
  session: DisplaySession<Picture>,
  pictures: PictureMaker,
  nowUs: () => number,
): Pick<DisplayEvents, 'connection' | 'stream' | 'clock' | 'frame' | 'overlay' | 'refused'> {
  async function takeFrame(frame: Frame, receivedAtUs: number): Promise<void> {
    session.noteFrame(frame, receivedAtUs);
    try {
      const picture = await pictures.make(frame);
      const { payload: _payload, ...meta } = frame;
      session.offerFrame({ ...meta, picture, receivedAtUs });
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      session.noteRefused({ what: 'frame', reason }, nowUs());
    }
  }

  return {
    connection(state) {
      // Another connection may lead to another service: its clock is not known yet.
      if (state.phase !== 'connected') session.setClock(null);
    },
    stream: (info) => session.setInfo(info),
    clock: (estimate) => session.setClock(estimate),
    frame: takeFrame,
    overlay: (overlay, receivedAtUs) => session.offerOverlay(overlay, receivedAtUs),
    refused: (message) => session.noteRefused(message, nowUs()),
  };
}

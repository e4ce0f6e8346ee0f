import type { Overlay } from '../../domain/overlay.js';
import type { StructureClass } from '../../domain/structure.js';
import type { ProcedureState } from '../../protocol/procedure-messages.js';
import type { DisplayView } from '../display-session.js';
import type { Picture } from '../frame-picture.js';
import type { AdvisoryList } from './advisory-list.js';
import type { Camera } from './camera.js';
import { createCaseLine } from './case-line.js';
import { elementById, setData, setText } from './element.js';
import { createFindingsPanel } from './findings-panel.js';
import { createLatencySparkline } from './latency-sparkline.js';
import type { LiveLink } from './live-link.js';
import { noticeFor, pictureNotice, ribbonFor } from './notice.js';
import { showNotice } from './show-notice.js';
import type { Decoration, Stage } from './stage.js';
import { createStateStrip } from './state-strip.js';
import type { StreamList } from './stream-list.js';
import { WORDS } from './words.js';

/** Figures change at most this often, so that they can be read, ms. */
const FIGURES_INTERVAL_MS = 200;

/** What the operator set that matters for what is shown. */
export interface LiveLook {
  readonly isOverlayHidden: boolean;
  readonly hidden: ReadonlySet<StructureClass>;
  readonly decoration: Decoration | null;
}

/** The live picture with all that is said about it. */
export interface LiveView {
  /** Decides and draws: on every animation frame. True when figures were due and were shown. */
  update(look: LiveLook): boolean;
  /** The overlay that counts as current; null while none does. */
  current(): Overlay | null;
}

export interface LiveViewOptions {
  readonly stage: Stage;
  readonly camera: Camera;
  readonly link: LiveLink;
  readonly list: StreamList;
  readonly advisories: AdvisoryList;
  nowUs(): number;
}

/** Makes the live view on the elements of `index.html`. */
export function createLiveView(options: LiveViewOptions): LiveView {
  const { stage, camera, link, list, nowUs } = options;
  const strip = createStateStrip();
  const caseLine = createCaseLine();
  const panel = createFindingsPanel();
  const sparkline = createLatencySparkline(elementById('sparkline', HTMLElement));
  const announce = createAnnouncer();
  let current: Overlay | null = null;
  let figuresAtMs = Number.NEGATIVE_INFINITY;

  function showAround(now: DisplayView<Picture>, look: LiveLook): void {
    const { stream, connection, lastFrameAtUs } = link.status();
    const { state } = now.staleness;
    const sinceFrameMs = lastFrameAtUs === null ? null : (nowUs() - lastFrameAtUs) / 1000;
    const listFault = stream === null ? list.fault() : null;
    const { origin } = location;
    const notice = noticeFor({ state, connection, stream, sinceFrameMs, listFault, origin });
    const ribbon = ribbonFor(state, now.fault, look.isOverlayHidden);
    showNotice(notice, ribbon);
    const isOperator = link.status().isOperator;
    options.advisories.show(now.advisories, isOperator);
    announce(state, now.current?.needle.state ?? 'unknown');
  }

  return {
    update(look) {
      const session = link.session();
      const now = session.view(nowUs());
      current = now.current;
      const status = link.status();
      const input = {
        stream: status.stream,
        refusedCount: status.refusedCount,
        isOverlayHidden: look.isOverlayHidden,
        zoom: camera.zoom(),
        verdicts: list.streams().find(({ stream }) => stream === status.stream)?.verdicts ?? null,
      };
      draw(stage, now, look);
      announceDrawn(now.shown?.overlay ?? null);
      sparkline.note(now);
      strip.showState(now, status.connection, input);
      panel.showNeedle(now.current, now.staleness.state, stage.readOutsOf(now.current));
      showAround(now, look);
      // Figures change a few times a second to be readable, but never outlive their overlay.
      if (now.current === null) panel.showLists(null);
      const nowMs = performance.now();
      if (nowMs - figuresAtMs < FIGURES_INTERVAL_MS) return false;
      figuresAtMs = nowMs;
      strip.showFigures(now, session.figures(nowUs()), input);
      panel.showLists(now.current);
      sparkline.draw();
      caseLine({
        procedure: runningProcedure(status.procedure?.state ?? null),
        stream: status.stream,
        operatorName: now.info?.operatorName ?? null,
        modelId: status.modelId,
      });
      return true;
    },
    current: () => current,
  };
}

/** A procedure while it is under way. */
export function runningProcedure(procedure: ProcedureState | null): ProcedureState | null {
  return procedure?.endedAtUs === null ? procedure : null;
}

function draw(stage: Stage, { shown, staleness }: DisplayView<Picture>, look: LiveLook): void {
  if (shown === null) return;
  const opacity = look.isOverlayHidden ? 0 : staleness.overlayOpacity;
  const isLost = staleness.state === 'LOST';
  const isFrozen = staleness.state === 'FROZEN';
  const notice = opacity > 0 ? pictureNotice(isFrozen, look.hidden) : null;
  setData('notice', notice ?? '');
  const picture = { frame: shown.frame, overlay: shown.overlay, opacity, isLost, notice };
  stage.draw(picture, look.hidden, look.decoration);
}

/** Says changes of state once, not sixty times a second, to assistive technology. */
function createAnnouncer(): (state: string, needle: string) => void {
  const element = elementById('announcement', HTMLElement);
  return (state, needle) => setText(element, WORDS.announce(state, needle));
}

let drawn: Overlay | null = null;

/**
 * Says once that an overlay was drawn, as an event of the window: `echoline bench` listens for it
 * in the browser that it starts.
 */
function announceDrawn(overlay: Overlay | null): void {
  if (overlay === null || overlay === drawn) return;
  drawn = overlay;
  const { epoch, frameId } = overlay;
  window.dispatchEvent(new CustomEvent('echoline-drawn', { detail: { epoch, frameId } }));
}

import type { Frame } from '../../domain/frame.js';
import type { Overlay } from '../../domain/overlay.js';
import { DisplayClient } from '../display-client.js';
import type { ConnectionState, DisplayEvents } from '../display-events.js';
import { type ArrivedFrame, createDisplaySession } from '../display-session.js';
import { createPictureMaker, type Picture } from '../frame-picture.js';
import { connectControls } from './controls.js';
import { elementById, setText } from './element.js';
import { createFindingsPanel } from './findings-panel.js';
import { type Notice, noticeFor, ribbonFor } from './notice.js';
import { createServiceAccess } from './service-access.js';
import { createStage } from './stage.js';
import { createStateStrip } from './state-strip.js';

/** Figures change at most this often, so that they can be read, ms. */
const FIGURES_INTERVAL_MS = 200;
/** Pause between two looks for a stream, ms. */
const STREAM_POLL_MS = 1000;

const nowUs = (): number => performance.now() * 1000;

const stage = createStage(elementById('canvas', HTMLCanvasElement));
const strip = createStateStrip();
const panel = createFindingsPanel();
const pictures = createPictureMaker();
const access = createServiceAccess(takeToken());
const session = createDisplaySession<Picture>((frame) => frame.picture.release());
const controls = connectControls(stage);

let connection: ConnectionState = { phase: 'connecting', reason: null, retryInMs: null };
let stream: string | null = null;
let listFault: string | null = null;
let modelId: string | null = null;
let refusedCount = 0;
let lastFrameAtUs: number | null = null;
let figuresAtMs = Number.NEGATIVE_INFINITY;
let announced = '';
let drawn: Overlay | null = null;

const events: Partial<DisplayEvents> = {
  connection(state) {
    connection = state;
    // What the stream is (SIMULATED) stays true of the picture that is still on the screen.
    if (state.phase !== 'connected') session.setClock(null);
  },
  welcome(welcome) {
    modelId = welcome.model.id;
  },
  stream: (info) => session.setInfo(info),
  clock: (estimate) => session.setClock(estimate),
  frame: takeFrame,
  overlay(overlay, receivedAtUs) {
    modelId = overlay.model.id;
    session.offerOverlay(overlay, receivedAtUs);
  },
  refused(message) {
    refusedCount += 1;
    session.noteRefused(message, nowUs());
  },
};

async function takeFrame(frame: Frame, receivedAtUs: number): Promise<void> {
  lastFrameAtUs = receivedAtUs;
  session.noteFrame(frame, receivedAtUs);
  try {
    const picture = await pictures.make(frame);
    const { payload: _payload, ...meta } = frame;
    session.offerFrame({ ...meta, picture, receivedAtUs } satisfies ArrivedFrame<Picture>);
  } catch {
    // A picture that the browser cannot decode is counted where the operator sees it.
    refusedCount += 1;
  }
}

/** Takes the token out of the address, so that it is neither bookmarked nor shown. */
function takeToken(): string | null {
  const token = new URLSearchParams(location.hash.slice(1)).get('token');
  if (token !== null) history.replaceState(null, '', location.pathname + location.search);
  return token;
}

function open(chosen: string): void {
  stream = chosen;
  const scheme = location.protocol === 'https:' ? 'wss:' : 'ws:';
  const path = `/v1/streams/${encodeURIComponent(chosen)}/overlays`;
  new DisplayClient({
    url: `${scheme}//${location.host}${path}`,
    name: 'display page',
    wantFrames: true,
    events,
    createSocket: (url, subprotocol) => new WebSocket(url, subprotocol),
    requestTicket: () => access.requestTicket(chosen),
    nowUs,
    schedule(callback, delayMs) {
      const timer = setTimeout(callback, delayMs);
      return () => clearTimeout(timer);
    },
    random: Math.random,
  }).start();
}

/** Opens the stream of the address, or the first one that there is, once there is one. */
async function chooseStream(): Promise<void> {
  const asked = new URLSearchParams(location.search).get('stream');
  if (asked !== null && asked !== '') {
    open(asked);
    return;
  }
  try {
    const [first] = await access.listStreams();
    listFault = null;
    connection = { phase: 'connecting', reason: null, retryInMs: null };
    if (first !== undefined) {
      open(first);
      return;
    }
  } catch (error) {
    listFault = error instanceof Error ? error.message : String(error);
  }
  setTimeout(() => void chooseStream(), STREAM_POLL_MS);
}

function showNotice(notice: Notice | null, ribbon: string | null): void {
  elementById('notice', HTMLElement).hidden = notice === null;
  setText(elementById('notice-title', HTMLElement), notice?.title ?? '');
  setText(elementById('notice-text', HTMLElement), notice?.text ?? '');
  const command = elementById('notice-command', HTMLElement);
  command.hidden = notice?.command == null;
  setText(command, notice?.command ?? '');
  const ribbonElement = elementById('ribbon', HTMLElement);
  ribbonElement.hidden = ribbon === null;
  setText(ribbonElement, ribbon ?? '');
}

/** Says changes of state once, not sixty times a second, to assistive technology. */
function announce(state: string, needle: string): void {
  const words = `${state}. Needle: ${needle}.`;
  if (words === announced) return;
  announced = words;
  setText(elementById('announcement', HTMLElement), words);
}

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

/** Decides and draws: called on every animation frame, and now and then in the background. */
function update(): void {
  const view = session.view(nowUs());
  const isOverlayHidden = controls.isOverlayHidden();
  const input = { stream, refusedCount, isOverlayHidden, zoom: stage.zoom(), modelId };
  const { state } = view.staleness;
  stage.draw(view, isOverlayHidden);
  announceDrawn(view.shown?.overlay ?? null);
  strip.showState(view, connection, input);
  panel.showNeedle(view.current, state);
  announce(state, view.current?.needle.state ?? 'unknown');
  const sinceFrameMs = lastFrameAtUs === null ? null : (nowUs() - lastFrameAtUs) / 1000;
  const origin = location.origin;
  const notice = noticeFor({ state, connection, stream, sinceFrameMs, listFault, origin });
  showNotice(notice, ribbonFor(state, view.fault, isOverlayHidden));
  // Figures change a few times a second to be readable, but never outlive their overlay.
  if (view.current === null) panel.showLists(null);
  const nowMs = performance.now();
  if (nowMs - figuresAtMs < FIGURES_INTERVAL_MS) return;
  figuresAtMs = nowMs;
  strip.showFigures(view, session.figures(nowUs()), input);
  panel.showLists(view.current);
}

function animate(): void {
  update();
  requestAnimationFrame(animate);
}

requestAnimationFrame(animate);
// Animation frames stop in a hidden tab; the state must be right when it is looked at again.
setInterval(update, 500);
document.addEventListener('visibilitychange', update);
void chooseStream();

/**
 * Public entry `echoline/display`: a bedside display for browsers and Node, without a framework
 * (docs/display.md). Connect with `connectDisplay`, decide what may be shown with
 * `createDisplaySession`, draw with `createOverlayRenderer`.
 */
export { type ConnectOptions, connectDisplay } from './connect-display.js';
export { DisplayClient } from './display-client.js';
export type { DisplayClientOptions, DisplaySocket } from './display-client-options.js';
export type {
  ConnectionPhase,
  ConnectionState,
  DisplayEvents,
  RefusedMessage,
} from './display-events.js';
export {
  type ArrivedFrame,
  createDisplaySession,
  type DisplayFigures,
  type DisplaySession,
  type DisplayView,
  type LatencyReading,
  type ServiceClock,
} from './display-session.js';
export { drawPicture, type PictureContext } from './draw-picture.js';
export type { DrawingContext } from './drawing-context.js';
export type { MatchCounts, Shown } from './frame-matcher.js';
export { createPictureMaker, type Picture, type PictureMaker } from './frame-picture.js';
export { formatMm } from './millimetres.js';
export { findOverlayFault, OVERLAY_LIMITS } from './overlay-check.js';
export {
  createOverlayRenderer,
  drawOverlay,
  drawPictureMarks,
  NOTHING_HIDDEN,
  type OverlayRenderer,
  type OverlayScene,
} from './overlay-renderer.js';
export { type ReadOuts, readOutsOf } from './read-outs.js';
export { requestTicket, type TicketWish } from './request-ticket.js';
export { type SceneWish, sceneOfView } from './scene-of-view.js';
export { sessionEvents } from './session-events.js';
export {
  type AgeOrigin,
  assessStaleness,
  type DisplayState,
  fadeLimits,
  type MeasuredAge,
  measureAge,
  type Staleness,
  sinceWords,
} from './staleness.js';
export { stateNotice } from './state-notice.js';
export type { StreamFault } from './stream-fault.js';
export { ruleWords, STRUCTURE_STYLES, type StructureStyle } from './structure-styles.js';
export {
  type CanvasPoint,
  fitViewport,
  toCanvas,
  toImage,
  type Viewport,
  type ViewportInput,
} from './viewport.js';

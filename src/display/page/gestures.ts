import type { PointPx } from '../../domain/geometry.js';
import type { Camera } from './camera.js';
import type { Stage } from './stage.js';

/** Movement below this is a tap, CSS pixels. */
const TAP_SLACK_CSS_PX = 8;
/** Wheel movement that is one zoom step, CSS pixels. */
const WHEEL_STEP_CSS_PX = 100;

interface Finger {
  x: number;
  y: number;
}

/**
 * Mouse and touch on the picture: wheel and two fingers zoom where they are, dragging pans while
 * zoomed in, a tap or click is handed on with its place in the image.
 */
export function connectGestures(
  canvas: HTMLCanvasElement,
  stage: Stage,
  camera: Camera,
  onTap: (point: PointPx) => void,
): void {
  const fingers = new Map<number, Finger>();
  let isTap = false;
  let travel = 0;

  canvas.addEventListener(
    'wheel',
    (event) => {
      event.preventDefault();
      const keep = stage.imagePointAt(event.clientX, event.clientY) ?? undefined;
      camera.zoomBy(-event.deltaY / WHEEL_STEP_CSS_PX, stage.middle(), keep);
    },
    { passive: false },
  );
  canvas.addEventListener('pointerdown', (event) => {
    canvas.setPointerCapture(event.pointerId);
    fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    isTap = fingers.size === 1;
    travel = 0;
  });
  canvas.addEventListener('pointermove', (event) => {
    const finger = fingers.get(event.pointerId);
    if (finger === undefined) return;
    const before = { ...finger };
    const other = [...fingers.entries()].find(([id]) => id !== event.pointerId)?.[1];
    finger.x = event.clientX;
    finger.y = event.clientY;
    travel += Math.hypot(finger.x - before.x, finger.y - before.y);
    if (travel > TAP_SLACK_CSS_PX) isTap = false;
    if (other !== undefined) pinch(before, finger, other);
    else if (!isTap) drag(before, finger);
  });
  canvas.addEventListener('pointerup', (event) => {
    fingers.delete(event.pointerId);
    const point = isTap ? stage.imagePointAt(event.clientX, event.clientY) : null;
    isTap = false;
    if (point !== null) onTap(point);
  });
  canvas.addEventListener('pointercancel', (event) => {
    fingers.delete(event.pointerId);
    isTap = false;
  });

  function drag(from: Finger, to: Finger): void {
    const viewport = stage.painting()?.viewport;
    if (viewport === undefined) return;
    const { scaleX, scaleY, isMirrored } = viewport;
    const ratio = window.devicePixelRatio;
    const dx = ((from.x - to.x) * ratio) / scaleX;
    camera.panBy(isMirrored ? -dx : dx, ((from.y - to.y) * ratio) / scaleY, stage.middle());
  }

  function pinch(before: Finger, now: Finger, other: Finger): void {
    const was = Math.hypot(before.x - other.x, before.y - other.y);
    const is = Math.hypot(now.x - other.x, now.y - other.y);
    if (was < 1 || is < 1) return;
    const keep = stage.imagePointAt((now.x + other.x) / 2, (now.y + other.y) / 2) ?? undefined;
    camera.zoomBy(Math.log(is / was) / Math.log(1.25), stage.middle(), keep);
  }
}

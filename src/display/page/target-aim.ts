import type { PointPx } from '../../domain/geometry.js';
import { strokeCased } from '../drawing-context.js';
import { toCanvas, type Viewport } from '../viewport.js';
import { setData } from './element.js';
import type { Decoration, Stage } from './stage.js';

/** A step of the cross with an arrow key, as a share of the image's shorter side. */
const STEP_SHARE = 1 / 60;
const ARM_CSS_PX = 16;
const COLOUR = '#7FE0B0';

/** Setting a target in the image: with a click, or with a cross that the arrows move. */
export interface TargetAim {
  isOn(): boolean;
  /** Starts in the middle of the image, or ends. */
  toggle(): void;
  /** A click or tap in the image; taken only while it is on. */
  tap(point: PointPx): void;
  /** A key; true when it was meant for the cross. */
  key(key: string): boolean;
  decoration(): Decoration | null;
}

/** Makes the aim; `onTarget` is told the place once it is chosen. */
export function createTargetAim(stage: Stage, onTarget: (point: PointPx) => void): TargetAim {
  let cross: PointPx | null = null;

  function move(point: PointPx | null): void {
    cross = point;
    setData('aim', point === null ? 'off' : 'on');
  }

  function step(dx: number, dy: number): void {
    if (cross === null) return;
    const middle = stage.middle();
    const stepPx = 2 * Math.min(middle.xPx, middle.yPx) * STEP_SHARE;
    const signX = stage.painting()?.viewport.isMirrored === true ? -1 : 1;
    move({
      xPx: Math.min(2 * middle.xPx, Math.max(0, cross.xPx + signX * dx * stepPx)),
      yPx: Math.min(2 * middle.yPx, Math.max(0, cross.yPx + dy * stepPx)),
    });
  }

  const keys: Readonly<Record<string, () => void>> = {
    ArrowLeft: () => step(-1, 0),
    ArrowRight: () => step(1, 0),
    ArrowUp: () => step(0, -1),
    ArrowDown: () => step(0, 1),
    Escape: () => move(null),
    Enter: () => choose(cross),
  };

  function choose(point: PointPx | null): void {
    move(null);
    if (point !== null) onTarget(point);
  }

  return {
    isOn: () => cross !== null,
    toggle: () => move(cross === null ? stage.middle() : null),
    tap(point) {
      if (cross !== null) choose(point);
    },
    key(key) {
      const run = cross === null ? undefined : keys[key];
      run?.();
      return run !== undefined;
    },
    decoration() {
      const at = cross;
      if (at === null) return null;
      return {
        key: `aim ${at.xPx} ${at.yPx}`,
        paint: (context, viewport) => drawCross(context, at, viewport),
      };
    },
  };
}

/** A cross with an open middle: what lies under it stays in sight. */
function drawCross(context: CanvasRenderingContext2D, at: PointPx, viewport: Viewport): void {
  const { x, y } = toCanvas(viewport, at);
  const { unit } = viewport;
  const arm = ARM_CSS_PX * unit;
  const gap = arm / 3;
  context.save();
  context.beginPath();
  for (const [dx, dy] of [
    [1, 0],
    [-1, 0],
    [0, 1],
    [0, -1],
  ] as const) {
    context.moveTo(x + dx * gap, y + dy * gap);
    context.lineTo(x + dx * arm, y + dy * arm);
  }
  strokeCased(context, { colour: COLOUR, width: 2 * unit, dash: [], casing: 1.5 * unit });
  context.restore();
}

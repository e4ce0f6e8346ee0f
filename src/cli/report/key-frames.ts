import type { AdvisoryKind } from '../../domain/advisory.js';
import { frameKey } from '../../domain/frame.js';
import type { Overlay } from '../../domain/overlay.js';
import type { ProcedureEvent } from '../../protocol/procedure-messages.js';

/** Pictures of one procedure. */
const KEY_FRAMES_MAX = 14;

/** Advisories whose first onset is worth a picture: what the needle did, not what the image did. */
const SHOWN: readonly AdvisoryKind[] = [
  'tip-inside',
  'rule-at-risk',
  'advancing-unseen',
  'trajectory-crosses',
  'needle-out-of-plane',
  'spread-in-vessel',
  'spread-not-seen',
];

/** A frame that the report shows, and why. */
export interface KeyFrame {
  readonly reasons: readonly string[];
  readonly overlay: Overlay;
}

/** Finds the frames worth a look while the overlays of a procedure go by. */
export interface KeyFrameFinder {
  add(overlay: Overlay): void;
  /** In the order of their times; frames that are there for several reasons come once. */
  found(): readonly KeyFrame[];
}

/** @param events - of the procedure; each is shown by the first frame after it */
export function createKeyFrameFinder(events: readonly ProcedureEvent[]): KeyFrameFinder {
  /** By reason: the frame and how much it is what the reason says. */
  const best = new Map<string, { readonly overlay: Overlay; readonly rank: number }>();
  const waiting = events.flatMap((event) => {
    const reason = reasonOf(event);
    return reason === null ? [] : [{ atUs: event.atUs, reason }];
  });

  function offer(reason: string, overlay: Overlay, rank: number): void {
    const known = best.get(reason);
    if (known === undefined || rank > known.rank) best.set(reason, { overlay, rank });
  }

  return {
    add(overlay) {
      const { guidance, needle, clock } = overlay;
      while (waiting[0] !== undefined && waiting[0].atUs <= clock.receivedAtUs) {
        offer(waiting.shift()?.reason ?? '', overlay, 0);
      }
      if (needle.state === 'tip-visible') offer('tip first seen', overlay, 0);
      if (guidance.tip !== null) offer('deepest', overlay, guidance.tip.depthMm);
      for (const { structureClass, clearanceMm } of guidance.clearances) {
        if (clearanceMm !== null) offer(`closest to ${structureClass}`, overlay, -clearanceMm);
      }
      for (const { kind, text } of guidance.advisories) {
        if (SHOWN.includes(kind)) offer(text, overlay, 0);
      }
    },
    found() {
      const frames = new Map<string, KeyFrame>();
      for (const [reason, { overlay }] of best) {
        const key = frameKey(overlay);
        const reasons = [...(frames.get(key)?.reasons ?? []), reason];
        frames.set(key, { overlay, reasons });
      }
      const byTime = (a: KeyFrame, b: KeyFrame) =>
        a.overlay.clock.receivedAtUs - b.overlay.clock.receivedAtUs;
      return [...frames.values()].sort(byTime).slice(0, KEY_FRAMES_MAX);
    },
  };
}

function reasonOf(event: ProcedureEvent): string | null {
  switch (event.kind) {
    case 'target-set':
      return 'target set';
    case 'target-confirmed':
      return 'target confirmed';
    case 'entry-marked':
      return 'entry marked';
    case 'injection-started':
      return `${event.step} ${event.injection}`;
    case 'ended':
      return 'end';
    default:
      return null;
  }
}

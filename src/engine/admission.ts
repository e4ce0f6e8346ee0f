/**
 * Which frames of a stream enter the engine (architecture decision 6): one is in flight and one,
 * the newest, waits. Lag can then never grow, and the frame that goes next is the freshest one.
 * `lossless` keeps every frame in order instead; it is for files, where nobody waits for a picture.
 *
 * A pure state machine over items of any kind: the caller says what happened and carries out what
 * comes back. Every offered item ends in exactly one action: `start` (its verdict comes from the
 * engine), `superseded` or `expired`.
 */
export interface AdmissionState<Item extends AdmissionItem> {
  readonly mode: 'newest' | 'lossless';
  readonly inFlight: Item | null;
  /** At most one in mode `newest`; oldest first. */
  readonly waiting: readonly Item[];
}

export interface AdmissionItem {
  /** From then on the item is too old to start, µs; +∞ for files. */
  readonly expiresAtUs: number;
}

export interface AdmissionAction<Item> {
  readonly kind: 'start' | 'superseded' | 'expired';
  readonly item: Item;
}

export interface AdmissionStep<Item extends AdmissionItem> {
  readonly state: AdmissionState<Item>;
  readonly actions: readonly AdmissionAction<Item>[];
}

/** Admission of a stream that has no frame yet. */
export function createAdmission<Item extends AdmissionItem>(
  mode: 'newest' | 'lossless',
): AdmissionState<Item> {
  return { mode, inFlight: null, waiting: [] };
}

/** A frame was offered. */
export function offerItem<Item extends AdmissionItem>(
  state: AdmissionState<Item>,
  item: Item,
  nowUs: number,
): AdmissionStep<Item> {
  if (isExpired(item, nowUs)) return { state, actions: [{ kind: 'expired', item }] };
  if (state.inFlight === null) {
    return { state: { ...state, inFlight: item }, actions: [{ kind: 'start', item }] };
  }
  if (state.mode === 'lossless') {
    return { state: { ...state, waiting: [...state.waiting, item] }, actions: [] };
  }
  const actions = state.waiting.map((older) => ({ kind: 'superseded', item: older }) as const);
  return { state: { ...state, waiting: [item] }, actions };
}

/** The frame in flight is done, well or badly; the next one that is fresh enough starts. */
export function itemDone<Item extends AdmissionItem>(
  state: AdmissionState<Item>,
  nowUs: number,
): AdmissionStep<Item> {
  const actions: AdmissionAction<Item>[] = [];
  for (const [index, item] of state.waiting.entries()) {
    if (!isExpired(item, nowUs)) {
      actions.push({ kind: 'start', item });
      const waiting = state.waiting.slice(index + 1);
      return { state: { ...state, inFlight: item, waiting }, actions };
    }
    actions.push({ kind: 'expired', item });
  }
  return { state: { ...state, inFlight: null, waiting: [] }, actions };
}

/** The cart is gone: what waits expires, what is in flight still comes back. */
export function expireWaiting<Item extends AdmissionItem>(
  state: AdmissionState<Item>,
): AdmissionStep<Item> {
  const actions = state.waiting.map((item) => ({ kind: 'expired', item }) as const);
  return { state: { ...state, waiting: [] }, actions };
}

function isExpired(item: AdmissionItem, nowUs: number): boolean {
  return nowUs >= item.expiresAtUs;
}

/** Streams with lanes of their own; later ones share, so that names cannot fill the memory. */
const STREAMS_MAX = 256;
const OTHER_STREAMS = 'other streams';

export interface TraceLane {
  readonly tid: number;
  /** What a viewer writes beside it. */
  readonly name: string;
  /** Whether nobody was on it before. */
  readonly isNew: boolean;
}

/** Hands out lanes so that spans of different frames on one lane never overlap. */
export interface TraceLanes {
  take(stream: string, fromUs: number, toUs: number): TraceLane;
}

interface Lane {
  readonly tid: number;
  endsUs: number;
}

/** No lanes yet. A stream has two or three: a frame in flight, one that waits, one that arrives. */
export function createTraceLanes(): TraceLanes {
  const lanesOf = new Map<string, Lane[]>();
  let nextTid = 1;
  return {
    take(stream, fromUs, toUs) {
      const isKnown = lanesOf.has(stream) || lanesOf.size < STREAMS_MAX;
      const group = isKnown ? stream : OTHER_STREAMS;
      const lanes = lanesOf.get(group) ?? [];
      lanesOf.set(group, lanes);
      const free = lanes.find(({ endsUs }) => endsUs <= fromUs);
      const lane = free ?? { tid: nextTid++, endsUs: toUs };
      if (free === undefined) lanes.push(lane);
      lane.endsUs = toUs;
      const name = `${group}, lane ${lanes.indexOf(lane) + 1}`;
      return { tid: lane.tid, name, isNew: free === undefined };
    },
  };
}

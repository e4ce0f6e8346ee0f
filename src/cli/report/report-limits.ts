/** What every report says about its own figures; `docs/limitations.md` says more. */
export const REPORT_LIMITS: readonly string[] = [
  'Distances are in the image plane. What lies beside the plane is nearer than any number here.',
  'A structure that the model did not find has no distance: it may be there all the same.',
  'The model was trained on simulated needles. How far it is off on patients was not measured.',
  'Bounds hold in nine of ten cases on simulated frames; on real frames their coverage is unknown.',
  'Passes, redirections and unseen advance are counted from the needle as it was seen, by ' +
    'thresholds of this software; there is no standard for them.',
];

/** Of a report that the service makes by itself. */
export const LIVE_REPORT_LIMITS: readonly string[] = [
  'The service keeps no pictures. Needle states, depth and clearance over time and key frames ' +
    'are in the report of a recording (serve --record DIR, then echoline report DIR).',
  ...REPORT_LIMITS,
];

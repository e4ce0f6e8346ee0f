import { describe, expect, it } from 'vitest';
import { unavailableGuidance } from '../../src/domain/guidance.js';
import { absentNeedle } from '../../src/domain/needle.js';
import { readableFindings, writeFindings } from '../../src/engine/written-findings.js';

const FINDINGS = {
  needle: absentNeedle('no-needle'),
  structures: [],
  imageQuality: 0.1 + 0.2,
  guidance: unavailableGuidance(['needle-not-seen']),
};

describe('written findings', () => {
  it('read as what was written, from anywhere in a chunk', () => {
    const { json } = writeFindings(FINDINGS);
    const chunk = Buffer.concat([Buffer.from('head'), json, Buffer.from('next')]);
    const came = readableFindings(chunk.subarray(4, 4 + json.byteLength));
    expect(came.read()).toEqual(FINDINGS);
  });

  it('are parsed once', () => {
    const came = readableFindings(writeFindings(FINDINGS).json);
    expect(came.read()).toBe(came.read());
  });
});

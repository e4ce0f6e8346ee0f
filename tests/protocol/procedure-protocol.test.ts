import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { EcholineError } from '../../src/domain/errors.js';
import {
  ProcedureProtocol,
  parseProcedureProtocol,
  SITE_DEFAULT,
} from '../../src/protocol/procedure-protocol.js';

const FOLDER = new URL('../../protocols/', import.meta.url);
const read = (file: string): string => readFileSync(new URL(file, FOLDER), 'utf8');
const FILES = readdirSync(FOLDER).filter((file) => file !== 'schema.json');

type Json = Record<string, unknown>;

/** What is said about `femoral.json` after a change. */
function refusal(change: (protocol: Json) => void): EcholineError {
  const protocol = JSON.parse(read('femoral.json')) as Json;
  change(protocol);
  try {
    parseProcedureProtocol(JSON.stringify(protocol), 'femoral.json');
  } catch (error) {
    return error as EcholineError;
  }
  throw new Error('it was accepted');
}

const structure = (protocol: Json): Json => (protocol.structures as Json[])[0] ?? {};

describe('the protocols that ship with the package', () => {
  it('cover every region that the documentation names', () => {
    const regions = [
      'knee',
      'hip',
      'subacromial-bursa',
      'glenohumeral',
      'lumbar-facet',
      'cervical-selective-root',
      'cervical-facet',
      'caudal-epidural',
      'sciatic-popliteal',
      'femoral',
      'axillary-plexus',
      'interscalene-plexus',
      'peripheral-nerve',
      'carpal-tunnel',
      'vascular-access',
      'free-hand',
    ];
    expect(FILES.map((file) => file.replace('.json', '')).sort()).toEqual([...regions].sort());
  });

  it.each(FILES)('%s fits the schema and contradicts itself nowhere', (file) => {
    const protocol = parseProcedureProtocol(read(file), file);
    expect(protocol.ultrasoundAlone.words.length).toBeGreaterThan(20);
    expect(protocol.positioning.source).toBe(SITE_DEFAULT);
  });

  it('say that ultrasound alone is unsuitable where bone hides what matters', () => {
    const unsuitable = FILES.filter(
      (file) => !parseProcedureProtocol(read(file), file).ultrasoundAlone.isSuitable,
    );
    expect(unsuitable.sort()).toEqual([
      'caudal-epidural.json',
      'cervical-facet.json',
      'cervical-selective-root.json',
      'lumbar-facet.json',
    ]);
  });

  it('expect no spread inside a joint', () => {
    for (const file of ['knee.json', 'hip.json', 'glenohumeral.json', 'lumbar-facet.json']) {
      expect(parseProcedureProtocol(read(file), file).spread.notSeenAfterMs).toBeNull();
    }
  });

  it('are described by protocols/schema.json', () => {
    const { $schema, title, ...schema } = JSON.parse(read('schema.json')) as Json;
    expect(title).toBe('Echoline protocol');
    expect(schema).toEqual(JSON.parse(JSON.stringify(ProcedureProtocol)));
  });
});

describe('ECHOLINE_CONFIG_PROTOCOL_FILE', () => {
  it.each([
    [
      'an unknown class',
      (of: Json) => Object.assign(structure(of), { class: 'lymph' }),
      'structures.0.class',
    ],
    [
      'a negative distance',
      (of: Json) => Object.assign(structure(of), { rule: 'keep-off', keepOffMm: -1 }),
      'structures.0.keepOffMm',
    ],
    ['an unknown key', (of: Json) => Object.assign(of, { colour: 'red' }), 'colour'],
    [
      'a class that is named twice',
      (of: Json) => (of.structures as Json[]).push(structure(of)),
      'structures.5.class',
    ],
    [
      'a distance without its rule',
      (of: Json) => Object.assign(structure(of), { keepOffMm: 2 }),
      'structures.0.keepOffMm',
    ],
    [
      'a rule without its distance',
      (of: Json) => Object.assign(structure(of), { rule: 'keep-off' }),
      'structures.0.keepOffMm',
    ],
    [
      'a warning that ends before it begins',
      (of: Json) => Object.assign(of.warning as Json, { leaveMm: 2 }),
      'warning.leaveMm',
    ],
    [
      'a depth that ends before it begins',
      (of: Json) => Object.assign(of.expectedDepthMm as Json, { to: 1 }),
      'expectedDepthMm.to',
    ],
    ['a missing source', (of: Json) => Reflect.deleteProperty(of.target as Json, 'source'), ''],
    ['the name of another file', (of: Json) => Object.assign(of, { id: 'knee' }), 'id'],
  ] as const)('refuses %s, naming file and field', (_what, change, field) => {
    const error = refusal(change);
    expect(error.code).toBe('ECHOLINE_CONFIG_PROTOCOL_FILE');
    expect(error.message).toContain('femoral.json');
    expect(error.details.file).toBe('femoral.json');
    expect(error.details.field).toContain(field);
  });

  it('refuses what is no JSON', () => {
    expect(() => parseProcedureProtocol('{', 'femoral.json')).toThrow(/femoral\.json.*JSON/);
  });
});

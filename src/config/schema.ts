import Type, { type Static } from 'typebox';

const MIB = 1024 * 1024;

/**
 * The one schema of the configuration: every key with its unit, bounds, default and reason.
 * Sources, weakest first: default, file (JSON), environment (`ECHOLINE_FRAME_AGE_MAX_MS`), flag
 * (`--frame-age-max-ms`).
 */
export const ConfigSchema = Type.Object(
  {
    host: Type.String({
      default: '127.0.0.1',
      description: 'Address to listen on. Anything but loopback needs TLS or insecure.',
    }),
    port: Type.Integer({
      default: 8787,
      minimum: 0,
      maximum: 65535,
      description: '0 = any free port.',
    }),
    tlsCert: Type.String({ default: '', description: 'PEM certificate file; empty = no TLS.' }),
    tlsKey: Type.String({ default: '', description: 'PEM key file; empty = no TLS.' }),
    insecure: Type.Boolean({
      default: false,
      description: 'Allows a non-loopback address without TLS. Only for closed test networks.',
    }),
    origins: Type.Array(Type.String(), {
      default: [],
      description:
        'Origins of browsers that may connect besides the page itself, e.g. http://localhost:9000.',
    }),
    auth: Type.Union([Type.Literal('off'), Type.Literal('tokens')], {
      default: 'off',
      description: 'off is allowed on loopback only; tokens needs a tokens file.',
    }),
    tokens: Type.String({ default: '', description: 'JSON file with tokens and their roles.' }),
    model: Type.String({
      default: '',
      description: 'Directory with manifest.json; empty = the model that ships with the package.',
    }),
    precision: Type.Union([Type.Literal('auto'), Type.Literal('fp32'), Type.Literal('int8')], {
      default: 'auto',
      description: 'Numbers that the network computes with; auto = int8 where measured faster.',
    }),
    executionProvider: Type.Union(
      [
        Type.Literal('cpu'),
        Type.Literal('cuda'),
        Type.Literal('tensorrt'),
        Type.Literal('webgpu'),
        Type.Literal('coreml'),
        Type.Literal('dml'),
      ],
      {
        default: 'cpu',
        description: 'What computes the network inside ONNX Runtime; see docs/backends.md.',
      },
    ),
    executionProviderFallback: Type.Union([Type.Literal('none'), Type.Literal('cpu')], {
      default: 'none',
      description:
        'Where the execution provider cannot be used: none = the service does not start, ' +
        'cpu = it runs on the CPU and says so in the log and in /version.',
    }),
    secondOpinion: Type.Union(
      [
        Type.Literal('off'),
        Type.Literal('auto'),
        Type.Literal('tfjs-node'),
        Type.Literal('tfjs-wasm'),
      ],
      {
        default: 'off',
        description:
          'TensorFlow.js runs the same network beside ONNX Runtime and drift is measured, never ' +
          'in the way of a frame; auto = tfjs-node where installed, else tfjs-wasm.',
      },
    ),
    secondOpinionIntervalMs: Type.Number({
      default: 1000,
      minimum: 100,
      maximum: 3_600_000,
      description: 'Shortest time between two second opinions of an engine.',
    }),
    engines: Type.Integer({
      default: 1,
      minimum: 1,
      maximum: 64,
      description: 'Engine processes that serve streams; one warm spare comes on top.',
    }),
    intraOpThreads: Type.Union([Type.Literal('auto'), Type.Integer({ minimum: 1, maximum: 64 })], {
      default: 1,
      description:
        'ONNX Runtime threads per engine: 1 for many streams or 2 cores, 2 for one stream; ' +
        'auto = 1, 2 or 4, measured at start.',
    }),
    kernels: Type.Union([Type.Literal('auto'), Type.Literal('native'), Type.Literal('reference')], {
      default: 'auto',
      description: 'Which kernels to use; native fails loudly where they are not built.',
    }),
    engineHop: Type.Union(
      [Type.Literal('auto'), Type.Literal('shared-memory'), Type.Literal('socket')],
      {
        default: 'auto',
        description:
          'How pixels get to the engines; auto = shared memory where the native addon is there.',
      },
    ),
    frameAgeMaxMs: Type.Number({
      default: 200,
      minimum: 10,
      maximum: 10_000,
      description:
        'Older frames are expired; 200 ms is where laparoscopy studies see harm (Xu 2014).',
    }),
    frameBytesMax: Type.Integer({
      default: 9 * MIB,
      minimum: 1024,
      maximum: 256 * MIB,
      description: 'Largest frame message; 9 MiB holds 1920 x 1080 rgba8.',
    }),
    frameWidthMaxPx: Type.Integer({
      default: 4096,
      minimum: 1,
      maximum: 65535,
      description: 'Widest frame.',
    }),
    frameHeightMaxPx: Type.Integer({
      default: 4096,
      minimum: 1,
      maximum: 65535,
      description: 'Highest frame.',
    }),
    framePixelsMax: Type.Integer({
      default: 2048 * 2048,
      minimum: 1,
      maximum: 65_535 * 65_535,
      description:
        'Most pixels of one frame: a progressive JPEG of 4096 x 4096 keeps a decoder busy for ' +
        'half a second, longer than engineHangMs allows.',
    }),
    controlBytesMax: Type.Integer({
      default: 16 * 1024,
      minimum: 256,
      maximum: MIB,
      description: 'Largest control message.',
    }),
    connectionsMax: Type.Integer({
      default: 64,
      minimum: 1,
      maximum: 10_000,
      description: 'Open sockets.',
    }),
    streamsMax: Type.Integer({
      default: 8,
      minimum: 1,
      maximum: 1000,
      description: 'Streams at a time.',
    }),
    displaysPerStreamMax: Type.Integer({
      default: 16,
      minimum: 1,
      maximum: 1000,
      description: 'Displays of one stream.',
    }),
    streamMemoryBytesMax: Type.Integer({
      default: 64 * MIB,
      minimum: MIB,
      maximum: 4096 * MIB,
      description: 'Bytes of frames that one stream may hold in waiting slots.',
    }),
    helloTimeoutMs: Type.Number({
      default: 3000,
      minimum: 100,
      maximum: 60_000,
      description: 'Time to say hello.',
    }),
    cartStalledMs: Type.Number({
      default: 1000,
      minimum: 100,
      maximum: 60_000,
      description: 'Without a frame for this long a stream is stalled (SlicerIGT Watchdog: 1 s).',
    }),
    heartbeatMs: Type.Number({
      default: 5000,
      minimum: 100,
      maximum: 60_000,
      description: 'Interval of pings; two missed pongs close the socket.',
    }),
    acknowledgeTimeoutMs: Type.Number({
      default: 5000,
      minimum: 100,
      maximum: 60_000,
      description: 'A display that owes an acknowledgement for this long is closed with 4008.',
    }),
    controlMessagesPerSecondMax: Type.Integer({
      default: 500,
      minimum: 10,
      maximum: 100_000,
      description:
        'Control messages of one socket; a display at 60 fps acknowledges 120 times a second.',
    }),
    engineStartMs: Type.Number({
      default: 60_000,
      minimum: 1000,
      maximum: 600_000,
      description: 'An engine that is not ready after this long is killed.',
    }),
    engineHangMs: Type.Number({
      default: 250,
      minimum: 20,
      maximum: 60_000,
      description: 'An engine busy longer is killed.',
    }),
    engineFirstFrameMs: Type.Number({
      default: 2000,
      minimum: 100,
      maximum: 60_000,
      description: 'The same, for its first frame.',
    }),
    engineRestartsPerMinuteMax: Type.Integer({
      default: 5,
      minimum: 1,
      maximum: 1000,
      description: 'More restarts than this make the service not ready and say bye.',
    }),
    drainMs: Type.Number({
      default: 10_000,
      minimum: 0,
      maximum: 60_000,
      description: 'Longest orderly shutdown.',
    }),
    record: Type.String({
      default: '',
      description: 'Directory for recordings; empty = nothing is recorded.',
    }),
    protocols: Type.String({
      default: '',
      description:
        'Directory with protocol files (*.json); empty = those that ship with the package.',
    }),
    research: Type.Boolean({
      default: false,
      description:
        'Also computes what is research and not validated: contact angle of the injectate round ' +
        'the nerve, and nerve swelling (docs/guidance.md).',
    }),
    trace: Type.String({
      default: '',
      description: 'File for a trace of frames, Chrome format (Perfetto); empty = none.',
    }),
    traceEvery: Type.Integer({
      default: 1,
      minimum: 1,
      maximum: 1_000_000,
      description: 'Frames whose id is a multiple of this are traced.',
    }),
    logLevel: Type.Union(
      [
        Type.Literal('trace'),
        Type.Literal('debug'),
        Type.Literal('info'),
        Type.Literal('warn'),
        Type.Literal('error'),
        Type.Literal('silent'),
      ],
      { default: 'info', description: 'pino level of the log on stderr.' },
    ),
  },
  { additionalProperties: false },
);

/** The configuration: frozen, complete. Passed on as slices, never whole. */
export type Config = Readonly<Static<typeof ConfigSchema>>;

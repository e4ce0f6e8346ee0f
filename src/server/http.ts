import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import fastify, { type FastifyInstance, type FastifyRequest } from 'fastify';
import Type, { type TSchema } from 'typebox';
import Value from 'typebox/value';
import { EcholineError, isEcholineError } from '../domain/errors.js';
import type { SecondOpinionStatus } from '../domain/second-opinion.js';
import type { EngineIdentity } from '../engine/engine-messages.js';
import type { EnginePoolStatus } from '../engine/engine-stream.js';
import type { FrameHop } from '../engine/frame-hop.js';
import type { ProcedureProtocol } from '../protocol/procedure-protocol.js';
import { explainMismatch } from '../protocol/schema-mismatch.js';
import { PROTOCOL_MAJOR, PROTOCOL_MINOR } from '../protocol/version.js';
import type { ArchivedProcedure } from '../session/procedure/procedure-archive.js';
import { checkStreamId } from '../session/session-registry.js';
import type { LatencyMs } from '../telemetry/latency-histogram.js';
import type { Authenticator } from './auth.js';
import { bodyOf, statusOf } from './http-errors.js';
import { checkOrigin, type OriginRules } from './origin.js';
import { mayTouch, type Principal } from './roles.js';
import { servePage } from './static-files.js';
import type { StreamReport } from './stream-service.js';

const BODY_BYTES_MAX = 16 * 1024;
const REQUEST_TIMEOUT_MS = 5000;
/** A body is a control message that came by HTTP. */
const CODE_INVALID = 'ECHOLINE_PROTOCOL_CONTROL_INVALID';
const CODE_TOO_LARGE = 'ECHOLINE_PROTOCOL_CONTROL_TOO_LARGE';

/** What the routes tell; the server knows it. */
export interface HttpFacts {
  /** Why the service is not ready; empty when it is. */
  notReady(): readonly string[];
  streams(): readonly StreamReport[];
  receiveToPublishMs(): LatencyMs;
  metrics(): Promise<{ readonly contentType: string; readonly text: string }>;
  engine(): EngineIdentity | null;
  secondOpinion(): SecondOpinionStatus;
  engines(): EnginePoolStatus;
  protocols(): readonly ProcedureProtocol[];
  /** null: unknown. */
  procedure(id: string): ArchivedProcedure | null;
  hop(): FrameHop;
}

export interface HttpOptions {
  readonly version: string;
  readonly pageDirectory: string;
  readonly tls: { readonly cert: Buffer; readonly key: Buffer } | null;
  readonly origins: OriginRules;
  readonly authenticator: Authenticator;
  readonly readClockUs: () => number;
  readonly facts: HttpFacts;
  /** Makes the report of a procedure, one HTML page; null: this service has none. */
  readonly reportProcedure: ReportProcedure | null;
}

/** Renders a procedure for people. */
export type ReportProcedure = (procedure: ArchivedProcedure) => Promise<string>;

const TicketRequest = Type.Object(
  {
    role: Type.Union([
      Type.Literal('cart'),
      Type.Literal('observer'),
      Type.Literal('operator'),
      Type.Literal('admin'),
    ]),
    streamId: Type.String({ minLength: 1, maxLength: 64 }),
  },
  { additionalProperties: false },
);

/** The HTTP side (interfaces.md section 3); sockets are taken over in `upgrade.ts`. */
export function createHttp(options: HttpOptions): FastifyInstance {
  const { tls, origins, facts } = options;
  const common = {
    bodyLimit: BODY_BYTES_MAX,
    requestTimeout: REQUEST_TIMEOUT_MS,
    connectionTimeout: 0,
    forceCloseConnections: true,
  };
  const app: FastifyInstance =
    tls === null
      ? fastify(common)
      : (fastify({ ...common, https: tls }) as unknown as FastifyInstance);
  app.setErrorHandler((error, _request, reply) => {
    if (isEcholineError(error)) return reply.code(statusOf(error.code)).send(bodyOf(error));
    const { statusCode = 500, message } = error as { statusCode?: number; message: string };
    if (statusCode >= 500) return reply.code(500).send({ message: 'Internal error.' });
    const isTooLarge = statusCode === 413;
    const code = isTooLarge ? CODE_TOO_LARGE : CODE_INVALID;
    return reply.code(statusCode).send({ code, message });
  });
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-content-type-options', 'nosniff').header('referrer-policy', 'no-referrer');
    checkOrigin(request.headers.origin, request.headers.host, origins);
  });
  app.get('/livez', async () => ({ alive: true }));
  app.get('/readyz', async (_request, reply) => {
    const reasons = facts.notReady();
    return reply
      .code(reasons.length === 0 ? 200 : 503)
      .send({ ready: reasons.length === 0, reasons });
  });
  servePage(app, options.pageDirectory);
  addVersionRoute(app, options);
  addGuardedRoutes(app, options);
  addProcedureRoutes(app, options);
  return app;
}

function addVersionRoute(app: FastifyInstance, options: HttpOptions): void {
  const { facts, version } = options;
  app.get('/version', async (request) => {
    const engine = facts.engine();
    return {
      name: 'echoline',
      version,
      build: { node: process.version, platform: process.platform, arch: process.arch },
      protocol: { major: PROTOCOL_MAJOR, minor: PROTOCOL_MINOR },
      model: engine?.model ?? null,
      inference: engine?.inference ?? null,
      kernels: engine?.kernels ?? null,
      secondOpinion: facts.secondOpinion(),
      hop: facts.hop(),
      // Process ids are for whoever runs the service, not for everybody.
      engines: isAdmin(request, options) ? facts.engines() : null,
    };
  });
}

function addGuardedRoutes(app: FastifyInstance, options: HttpOptions): void {
  const { authenticator, facts, readClockUs } = options;
  app.get('/v1/streams', async (request) => {
    const principal = authenticate(request, options);
    const visible = facts.streams().filter(({ stream }) => mayTouch(principal, stream));
    return { streams: visible, receiveToPublishMs: facts.receiveToPublishMs() };
  });
  app.get('/metrics', async (request, reply) => {
    authenticate(request, options);
    const { contentType, text } = await facts.metrics();
    return reply.header('content-type', contentType).send(text);
  });
  app
    .withTypeProvider<TypeBoxTypeProvider>()
    .setValidatorCompiler<TSchema>(({ schema }) => checkBody(schema))
    .post('/v1/tickets', { schema: { body: TicketRequest } }, async (request, reply) => {
      const { role, streamId } = request.body;
      checkStreamId(streamId);
      const principal = authenticate(request, options);
      authenticator.check(principal, role, streamId);
      const issued = authenticator.issueTicket(principal, role, streamId, readClockUs());
      return reply.code(201).header('cache-control', 'no-store').send(issued);
    });
}

function addProcedureRoutes(app: FastifyInstance, options: HttpOptions): void {
  const { facts } = options;
  app.get('/v1/protocols', async (request) => {
    authenticate(request, options);
    return { protocols: facts.protocols() };
  });
  app.get<ProcedureRoute>('/v1/procedures/:id', async (request, reply) => {
    const { summary } = findProcedure(request, options);
    return reply.header('cache-control', 'no-store').send(summary);
  });
  const { reportProcedure } = options;
  if (reportProcedure === null) return;
  app.get<ProcedureRoute>('/v1/procedures/:id/report', async (request, reply) => {
    const page = await reportProcedure(findProcedure(request, options));
    return reply
      .header('cache-control', 'no-store')
      .header('content-type', 'text/html; charset=utf-8')
      .header('content-security-policy', REPORT_POLICY)
      .send(page);
  });
}

interface ProcedureRoute {
  readonly Params: { readonly id: string };
  readonly Querystring: { readonly ticket?: unknown };
}

/** The report asks nothing of anyone; its style and its pictures are inside. */
const REPORT_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; " +
  "form-action 'none'; frame-ancestors 'none'";

/** The procedure of a route. A link of the page has no header to send: it has a ticket. */
function findProcedure(
  request: FastifyRequest<ProcedureRoute>,
  options: HttpOptions,
): ArchivedProcedure {
  const { ticket } = request.query;
  const principal = authenticate(request, options, typeof ticket === 'string' ? ticket : null);
  const found = options.facts.procedure(request.params.id);
  // Who may not see a stream does not learn either whether it has a procedure.
  if (found !== null && mayTouch(principal, found.summary.stream)) return found;
  const message = 'Expected the id of a procedure under way or lately ended.';
  throw new EcholineError('ECHOLINE_PROCEDURE_UNKNOWN', message);
}

/** Checks a body in the words of a control message: which field, what was expected, what came. */
function checkBody(schema: TSchema) {
  return (value: unknown) => {
    const isFitting: boolean = Value.Check(schema, value);
    if (isFitting) return { value };
    const { field, expected, received, suggestion } = explainMismatch(schema, value);
    const where = field === '' ? 'Body' : `Body: ${field}`;
    const hint = suggestion === null ? '' : ` Did you mean "${suggestion}"?`;
    const message = `${where}: expected ${expected}, received ${received}.${hint}`;
    return { error: new EcholineError(CODE_INVALID, message, { field, expected, received }) };
  };
}

function authenticate(
  { headers: { authorization } }: Pick<FastifyRequest, 'headers'>,
  options: HttpOptions,
  ticket: string | null = null,
): Principal {
  return options.authenticator.authenticate({ authorization, ticket }, options.readClockUs());
}

function isAdmin(request: FastifyRequest, options: HttpOptions): boolean {
  try {
    return authenticate(request, options).role === 'admin';
  } catch (error) {
    if (isEcholineError(error)) return false;
    throw error;
  }
}

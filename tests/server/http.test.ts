import type { FastifyInstance } from 'fastify';
import { describe, expect, it } from 'vitest';
import { reportPage } from '../../src/cli/report/html/report-page.js';
import { liveReport } from '../../src/cli/report/live-report.js';
import { createAuthenticator } from '../../src/server/auth.js';
import { createHttp, type HttpFacts } from '../../src/server/http.js';
import type { Principal } from '../../src/server/roles.js';
import { digestOf } from '../../src/server/tokens-file.js';
import { ProcedureDesk } from '../../src/session/procedure/procedure-desk.js';
import { testProcedures } from '../support/procedures.js';

const REPORT = '/v1/procedures/procedure-1/report';
const OBSERVER: Principal = { name: 'bed', role: 'observer', streams: ['bed-1'] };
const STRANGER: Principal = { name: 'other', role: 'observer', streams: ['bed-2'] };

/** A procedure with a note that ended after 90 s, on a service with tokens. */
function serviceWithProcedure(): { app: FastifyInstance; ticket(): string } {
  const services = testProcedures();
  let nowUs = 5_000_000;
  const desk = new ProcedureDesk({
    stream: 'bed-1',
    services,
    readClockUs: () => nowUs,
    onPlan: () => undefined,
    onMessage: () => undefined,
    onEvent: () => undefined,
    onOperator: () => undefined,
  });
  const by = 'trolley';
  desk.receive({ type: 'start-procedure', commandId: '1', protocol: 'femoral', side: 'left' }, by);
  desk.receive({ type: 'start-injection', commandId: '2', step: 'aspirate' }, by);
  desk.receive({ type: 'stop-injection', commandId: '3', volumeMl: 0 }, by);
  desk.receive({ type: 'note', commandId: '4', text: '<script>alert(1)</script>' }, by);
  nowUs += 90_000_000;
  desk.receive({ type: 'end-procedure', commandId: '5' }, by);
  const authenticator = createAuthenticator([
    { digest: digestOf('one'), principal: OBSERVER },
    { digest: digestOf('two'), principal: STRANGER },
  ]);
  const facts = {
    procedure: (id: string) => services.archive.find(id),
  } as Partial<HttpFacts> as HttpFacts;
  const app = createHttp({
    version: '0',
    pageDirectory: '/nowhere',
    tls: null,
    origins: { origins: [], host: '127.0.0.1' },
    authenticator,
    readClockUs: () => nowUs,
    facts,
    reportProcedure: (archived) => reportPage(liveReport(archived), []),
  });
  const ticket = () => authenticator.issueTicket(OBSERVER, 'observer', 'bed-1', nowUs).ticket;
  return { app, ticket };
}

describe('the report of a procedure', () => {
  it('is one page that asks nothing of anyone, with the figures of the summary', async () => {
    const { app } = serviceWithProcedure();
    const headers = { authorization: 'Bearer one' };
    const { statusCode, headers: answered, body } = await app.inject({ url: REPORT, headers });
    expect(statusCode).toBe(200);
    expect(answered['content-type']).toBe('text/html; charset=utf-8');
    expect(answered['content-security-policy']).toContain("default-src 'none'");
    expect(answered['cache-control']).toBe('no-store');
    expect(body).toContain('Femoral nerve, left');
    expect(body).toContain('1. aspirate');
    expect(body).toContain('&lt;script&gt;');
    expect(body).not.toContain('<script');
    expect(body).toContain('Not a medical device');
    // What only a recording knows is not drawn empty.
    expect(body).not.toContain('">needle</text>');
    expect(body).toContain('echoline report DIR');
  });

  it('opens for a link with a ticket, once', async () => {
    const { app, ticket } = serviceWithProcedure();
    const url = `${REPORT}?ticket=${ticket()}`;
    expect((await app.inject({ url })).statusCode).toBe(200);
    expect((await app.inject({ url })).json()).toMatchObject({ code: 'ECHOLINE_AUTH_REFUSED' });
  });

  it('is for nobody who may not see the stream', async () => {
    const { app } = serviceWithProcedure();
    expect((await app.inject({ url: REPORT })).json().code).toBe('ECHOLINE_AUTH_REQUIRED');
    const headers = { authorization: 'Bearer two' };
    const refused = await app.inject({ url: REPORT, headers });
    expect(refused.statusCode).toBe(404);
    expect(refused.json().code).toBe('ECHOLINE_PROCEDURE_UNKNOWN');
  });
});

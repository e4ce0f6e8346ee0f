import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import { BROWSER_FLAGS, CHROMIUM_PATH } from './browser.js';

/** A tab that is visible only while it is in front. */
export interface Tab {
  /** The value of an expression in the page; a promise is waited for. */
  evaluate(expression: string): Promise<unknown>;
  bringToFront(): Promise<void>;
}

/** A browser whose pages are tabs of one window, as on somebody's desk. Time is real there. */
export interface TabbedBrowser {
  open(url: string): Promise<Tab>;
  close(): Promise<void>;
}

interface Answer {
  readonly id?: number;
  readonly result?: Record<string, unknown>;
}

/**
 * Starts a browser that is driven through its DevTools socket alone: playwright tells every page
 * that it is visible and has the focus, whatever lies in front of it.
 */
export async function startTabbedBrowser(): Promise<TabbedBrowser> {
  const profile = await mkdtemp(join(tmpdir(), 'echoline-profile-'));
  const flags = [...BROWSER_FLAGS, '--remote-debugging-port=0', `--user-data-dir=${profile}`];
  const child = spawn(CHROMIUM_PATH, flags, { stdio: ['ignore', 'ignore', 'pipe'] });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const socket = new WebSocket(await devToolsUrl(child));
  await new Promise((resolve) => socket.once('open', resolve));
  const answers = new Map<number, (answer: Answer) => void>();
  socket.on('message', (data) => {
    const answer = JSON.parse(String(data)) as Answer;
    answers.get(answer.id ?? -1)?.(answer);
  });
  let count = 0;

  async function send(method: string, params: object, sessionId?: string) {
    count += 1;
    const id = count;
    const answer = new Promise<Answer>((resolve) => answers.set(id, resolve));
    socket.send(JSON.stringify({ id, method, params, sessionId }));
    const { result } = await answer;
    answers.delete(id);
    if (result === undefined) throw new Error(`The browser refused ${method}.`);
    return result;
  }

  return {
    async open(url) {
      const { targetId } = await send('Target.createTarget', { url });
      const attached = await send('Target.attachToTarget', { targetId, flatten: true });
      const sessionId = String(attached.sessionId);
      return {
        async evaluate(expression) {
          const wish = { expression, returnByValue: true, awaitPromise: true };
          const { result } = await send('Runtime.evaluate', wish, sessionId);
          return (result as { value?: unknown }).value;
        },
        async bringToFront() {
          await send('Target.activateTarget', { targetId });
        },
      };
    },
    async close() {
      socket.close();
      child.kill();
      await ended;
      await rm(profile, { recursive: true, force: true });
    },
  };
}

/** The address that the browser prints when it can be driven. */
function devToolsUrl(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    child.stderr?.on('data', (data) => {
      said += String(data);
      const [url] = /ws:\/\/\S+/.exec(said) ?? [];
      if (url !== undefined) resolve(url);
    });
    child.once('error', reject);
    child.once('close', () => reject(new Error(`The browser ended: ${said}`)));
  });
}

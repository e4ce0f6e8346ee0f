import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import type { FastifyInstance, FastifyReply } from 'fastify';

/** What the display page is made of; nothing else is ever served from its directory. */
const FILES: Readonly<Record<string, string>> = {
  '/': 'index.html',
  '/page.js': 'page.js',
  '/page.js.map': 'page.js.map',
  '/page.css': 'page.css',
  '/picture-encoder-worker.js': 'picture-encoder-worker.js',
  '/picture-encoder-worker.js.map': 'picture-encoder-worker.js.map',
};

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
};

const HOST = /^[A-Za-z0-9.:[\]-]{1,255}$/;

/** Serves the display page from `directory`. */
export function servePage(app: FastifyInstance, directory: string): void {
  for (const [path, name] of Object.entries(FILES)) {
    app.get(path, async (request, reply) => {
      const file = await readOrNull(join(directory, name));
      if (file === null) return pageMissing(reply, name);
      return reply
        .header('content-type', CONTENT_TYPES[extname(name)] ?? 'application/octet-stream')
        .header('cache-control', 'no-cache')
        .header('content-security-policy', contentSecurityPolicy(request.headers.host))
        .send(file);
    });
  }
}

/**
 * The page's own script, style and sockets, and nothing else. Older browsers do not count sockets
 * of the same host as `'self'`, so they are named where the host is known.
 */
function contentSecurityPolicy(host: string | undefined): string {
  const sockets = host !== undefined && HOST.test(host) ? ` ws://${host} wss://${host}` : '';
  return [
    "default-src 'none'",
    "script-src 'self'",
    "worker-src 'self'",
    "style-src 'self'",
    "img-src 'self' blob: data:",
    `connect-src 'self'${sockets}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

async function readOrNull(path: string): Promise<Buffer | null> {
  try {
    return await readFile(path);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}

function pageMissing(reply: FastifyReply, name: string): FastifyReply {
  return reply
    .code(404)
    .header('content-type', 'text/plain; charset=utf-8')
    .send(`The display page is not built (${name} is missing). Run: npm run build\n`);
}

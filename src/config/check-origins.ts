import type { Problem } from './problem.js';
import type { Config } from './schema.js';

/**
 * Checks that every origin is one as browsers send it (scheme, host, port and nothing else):
 * anything else, a slash at the end too, would never match and silently let nobody in.
 */
export function originProblems({ origins }: Config): readonly Problem[] {
  return origins
    .filter((origin) => originOf(origin) !== origin)
    .map((origin) => {
      const meant = originOf(origin);
      const advice = meant === null ? '' : ` Did you mean ${meant}?`;
      return {
        code: 'ECHOLINE_CONFIG_INVALID',
        message:
          'origins: expected scheme, host and port of a page, e.g. http://localhost:9000, ' +
          `got ${JSON.stringify(origin)}.${advice}`,
      };
    });
}

/** The origin of a web address; null when it is none. */
function originOf(address: string): string | null {
  if (!URL.canParse(address)) return null;
  const { protocol, origin } = new URL(address);
  return protocol === 'http:' || protocol === 'https:' ? origin : null;
}

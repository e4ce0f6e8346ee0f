// Progress of a long step on stderr: drawn in place on a terminal, plain lines elsewhere. Nothing
// here ever writes to stdout, which belongs to the command that was asked for.

const FRAMES = ['|', '/', '-', '\\'];
const DRAW_EVERY_MS = 120;
const SAY_EVERY_MS = 10_000;

/**
 * Starts a step.
 *
 * @param {string} title what is being done, e.g. "building"
 * @returns {{ end(outcome?: string): void }} `end` says how it went and how long it took
 */
export function startStep(title) {
  const startedAtMs = Date.now();
  const seconds = () => `${((Date.now() - startedAtMs) / 1000).toFixed(1)} s`;
  const isTerminal = process.stderr.isTTY === true;
  let drawn = 0;
  if (!isTerminal) process.stderr.write(`echoline: ${title} ...\n`);
  const timer = setInterval(
    () => {
      if (isTerminal) {
        process.stderr.write(`\r${FRAMES[drawn++ % FRAMES.length]} ${title} (${seconds()}) `);
      } else {
        process.stderr.write(`echoline: still ${title} (${seconds()})\n`);
      }
    },
    isTerminal ? DRAW_EVERY_MS : SAY_EVERY_MS,
  );
  let hasEnded = false;
  return {
    end(outcome = 'done') {
      if (hasEnded) return;
      hasEnded = true;
      clearInterval(timer);
      const start = isTerminal ? '\r\u001b[K' : '';
      process.stderr.write(`${start}echoline: ${title}: ${outcome} in ${seconds()}\n`);
    },
  };
}

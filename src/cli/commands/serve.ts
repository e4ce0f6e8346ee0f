import { describeLoaded } from '../../config/describe.js';
import { applyCollectorFlags } from '../../engine/collector-flags.js';
import { createEngines } from '../../server/engines.js';
import {
  type Arguments,
  type Command,
  type CommandContext,
  EXIT_OK,
  NO_OPERANDS,
} from '../command.js';
import { CONFIG_FLAGS, loadConfigFrom } from '../config-flags.js';

/** `echoline serve`: the service. Its engines start while the rest of it is loaded. */
export const serveCommand: Command = {
  name: 'serve',
  summary: 'run the service: frames in over WebSocket, overlays out',
  operands: NO_OPERANDS,
  flags: [
    ...CONFIG_FLAGS,
    {
      name: 'print-config',
      kind: 'switch',
      placeholder: '',
      description: 'print every value and where it came from, then exit',
    },
  ],
  notes: [
    'Prints one JSON line {"event":"ready","url":...} when it accepts connections; logs go to',
    'stderr. SIGINT or SIGTERM ends it in order, a second one at once. docs/configuration.md',
    'describes every key. Not a medical device.',
  ],
  run: runServe,
};

async function runServe(args: Arguments, context: CommandContext): Promise<number> {
  const loaded = loadConfigFrom(args, context);
  const { config } = loaded;
  if (args.has('print-config')) {
    for (const line of describeLoaded(loaded)) await context.out(line);
    return EXIT_OK;
  }
  applyCollectorFlags();
  const engines = createEngines(config);
  try {
    // A start that fails is reported by the service, which waits for it.
    engines.start().catch(() => undefined);
    const { runService } = await import('../run-service.js');
    await runService(config, engines, context);
  } finally {
    await engines.pool.close();
  }
  return EXIT_OK;
}

import { type CommandEntry, runCommandLine } from './command-line.js';
import { processContext } from './process-context.js';

/** Every command of `echoline`, in the order of `--help`. */
const COMMANDS: readonly CommandEntry[] = [
  { name: 'demo', load: async () => (await import('./commands/demo.js')).demoCommand },
  { name: 'serve', load: async () => (await import('./commands/serve.js')).serveCommand },
  { name: 'replay', load: async () => (await import('./commands/replay.js')).replayCommand },
  { name: 'infer', load: async () => (await import('./commands/infer.js')).inferCommand },
  { name: 'eval', load: async () => (await import('./commands/eval.js')).evalCommand },
  { name: 'bench', load: async () => (await import('./commands/bench.js')).benchCommand },
  { name: 'report', load: async () => (await import('./commands/report.js')).reportCommand },
  { name: 'phantom', load: async () => (await import('./commands/phantom.js')).phantomCommand },
  { name: 'doctor', load: async () => (await import('./commands/doctor.js')).doctorCommand },
];

// The entry of `dist/cli/main.js`: the only place that reads argv and ends the process.
process.exit(await runCommandLine(process.argv.slice(2), COMMANDS, processContext()));

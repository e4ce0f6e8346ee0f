import { type LoadedConfig, loadConfig } from '../config/load.js';
import { expectedOf, SETTINGS, type Setting } from '../config/setting.js';
import type { Arguments, CommandContext, Flag } from './command.js';

/** `--config` and one flag per key of the configuration. */
export const CONFIG_FLAGS: readonly Flag[] = [
  {
    name: 'config',
    kind: 'text',
    placeholder: 'FILE',
    description: 'JSON file with configuration keys',
  },
  ...SETTINGS.map(flagOf),
];

/**
 * Loads the configuration of a command that has `CONFIG_FLAGS` in its table.
 *
 * @throws EcholineError ECHOLINE_CONFIG_*
 */
export function loadConfigFrom(args: Arguments, context: CommandContext): LoadedConfig {
  const flags: Record<string, string | boolean | readonly string[]> = {};
  for (const { flagName, shape } of SETTINGS) {
    if (shape.kind === 'switch') {
      if (args.has(flagName)) flags[flagName] = true;
    } else if (shape.kind === 'list') {
      const items = args.list(flagName).flatMap((text) => text.split(','));
      if (items.length > 0) flags[flagName] = items.map((item) => item.trim());
    } else {
      const text = args.text(flagName);
      if (text !== null) flags[flagName] = text;
    }
  }
  return loadConfig({ filePath: args.text('config'), env: context.env, flags });
}

/** Numbers stay text here: the configuration's own messages say what was expected. */
function flagOf(setting: Setting): Flag {
  const { shape, flagName: name } = setting;
  const byDefault = JSON.stringify(setting.defaultValue);
  const description = `${setting.description} (${expectedOf(shape)}; default ${byDefault})`;
  switch (shape.kind) {
    case 'switch':
      return { name, kind: 'switch', placeholder: '', description: setting.description };
    case 'list':
      return { name, kind: 'list', placeholder: 'TEXT', description: setting.description };
    case 'number':
      return { name, kind: 'text', placeholder: 'N', description };
    case 'choice':
      return { name, kind: 'text', placeholder: shape.choices.join('|'), description };
    case 'text':
      return { name, kind: 'text', placeholder: 'TEXT', description: setting.description };
  }
}

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The package's own directory, from `dist/cli` as well as from `src/cli`. */
export const PACKAGE_ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** The model that ships with the package. */
export const SHIPPED_MODEL = join(PACKAGE_ROOT, 'models', 'guidenet');

/** What the network's time is measured by: models/README.md. */
export const YARDSTICK_MODEL = join(PACKAGE_ROOT, 'models', 'yardstick');

/** Version in `package.json`. */
export function packageVersion(): string {
  const text = readFileSync(join(PACKAGE_ROOT, 'package.json'), 'utf8');
  return (JSON.parse(text) as { readonly version: string }).version;
}

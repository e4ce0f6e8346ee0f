import { build } from 'esbuild';
import type { Page } from 'playwright-core';
import type { Frame } from '../../src/domain/frame.js';
import type { Overlay } from '../../src/domain/overlay.js';
import type { TestBrowser } from './browser.js';
import type * as Harness from './display-harness.js';
import type { ScriptedScene } from './display-harness.js';

export type { ScriptedScene } from './display-harness.js';

/** The SDK in an empty page of a real browser, as a host application would use it. */
export interface SdkPage {
  readonly page: Page;
  /** Errors of scripts and of the console. */
  readonly faults: string[];
  /** Calls a function of the harness by its name. */
  call<Name extends keyof typeof Harness>(
    name: Name,
    ...args: Parameters<(typeof Harness)[Name]>
  ): Promise<ReturnType<(typeof Harness)[Name]>>;
}

/** Opens an empty page with the SDK in it. */
export async function openSdkPage(browser: TestBrowser): Promise<SdkPage> {
  const { outputFiles } = await build({
    entryPoints: [new URL('display-harness.ts', import.meta.url).pathname],
    bundle: true,
    write: false,
    format: 'iife',
    globalName: 'harness',
    target: 'es2022',
  });
  const page = await browser.newPage();
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(message.text());
  });
  await page.setContent('<!doctype html><title>Host application</title><body></body>');
  await page.addScriptTag({ content: outputFiles[0]?.text ?? '' });
  return {
    page,
    faults,
    call: (name, ...args) =>
      page.evaluate(
        ([key, given]) => {
          const { harness } = globalThis as unknown as { harness: Record<string, Callable> };
          return harness[key]?.(...given);
        },
        [name, args] as const,
      ) as ReturnType<SdkPage['call']> as never,
  };
}

type Callable = (...args: readonly unknown[]) => unknown;

/** A scene of a frame: whole, not mirrored, at full strength, on a canvas of 1000 × 700. */
export function scriptedScene(
  frame: Frame,
  overlay: Overlay | null,
  changes: Partial<ScriptedScene> = {},
): ScriptedScene {
  const { widthPx, heightPx, orientation, spacing } = frame;
  return {
    frame: { widthPx, heightPx, orientation, spacing },
    overlay,
    opacity: 1,
    notice: null,
    devicePixelRatio: 1,
    zoom: 1,
    centre: null,
    isMirrored: false,
    cssSize: { width: 1000, height: 700 },
    ...changes,
  };
}

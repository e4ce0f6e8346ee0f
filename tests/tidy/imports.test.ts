import { existsSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';
import { IMPORT_TABLE, type ImportRule } from './import-table.js';
import { filesBelow, ROOT, type SourceFile } from './source-files.js';

const SOURCES = filesBelow('src', ['.ts']);
const IMPORT =
  /^(?:import|export)\b[^'"`;]*?\bfrom\s+'([^']+)'|^import\s+'([^']+)'|\bimport\('([^']+)'\)/gm;

function importsOf({ text }: SourceFile): readonly string[] {
  return [...text.matchAll(IMPORT)].map((match) => match[1] ?? match[2] ?? match[3] ?? '');
}

function isBelow(path: string, place: string): boolean {
  return path === place || path.startsWith(`${place}/`);
}

/** The rule for a file below `src`: of those that fit, the one that says most. */
function ruleFor(path: string): ImportRule | undefined {
  const fitting = IMPORT_TABLE.filter((rule) => isBelow(path, rule.of));
  return fitting.sort((a, b) => b.of.length - a.of.length)[0];
}

/** What is wrong with one import of a file; null when the table allows it. */
function wrongImport(path: string, specifier: string): string | null {
  const rule = ruleFor(path);
  if (rule === undefined) return `${path}: its folder is not in the import table`;
  if (!specifier.startsWith('.')) {
    const isAllowed = rule.packages.some(
      (name) => isBelow(specifier, name) || (name === 'node:' && specifier.startsWith(name)),
    );
    return isAllowed ? null : `${path} imports the package ${specifier}`;
  }
  const target = normalize(join(dirname(path), specifier)).replace(/\.js$/, '.ts');
  const isOwn = isBelow(target, rule.of.endsWith('.ts') ? dirname(rule.of) : rule.of);
  if (isOwn && !isOtherStage(path, target)) return null;
  const isNever = rule.never?.some((place) => isBelow(target, place)) ?? false;
  const isAllowed = rule.from.some((place) => place === '*' || isBelow(target, place));
  return isAllowed && !isNever ? null : `${path} imports ${target}`;
}

/** Inside `pipeline` only pipeline.ts knows the stages. */
function isOtherStage(path: string, target: string): boolean {
  const isStageFile = /^pipeline\/[^/]+\//.test(target);
  return isStageFile && dirname(path) === 'pipeline' && path !== 'pipeline/pipeline.ts';
}

describe('imports', () => {
  it('follow the table of the architecture page', () => {
    const wrong = SOURCES.flatMap((file) => {
      const path = file.path.slice('src/'.length);
      return importsOf(file).flatMap((specifier) => wrongImport(path, specifier) ?? []);
    });
    expect(wrong).toEqual([]);
  });

  it('are refused where the table does not allow them', () => {
    expect(wrongImport('domain/frame.ts', '../protocol/version.js')).not.toBeNull();
    expect(wrongImport('protocol/limits.ts', 'node:fs')).not.toBeNull();
    expect(wrongImport('pipeline/track/track.ts', '../guide/guide.js')).not.toBeNull();
    expect(wrongImport('pipeline/track/track.ts', '../../kernels/resize.js')).not.toBeNull();
    expect(wrongImport('pipeline/stage-timer.ts', './track/track.js')).not.toBeNull();
    expect(wrongImport('pipeline/pipeline.ts', './track/track.js')).toBeNull();
    expect(wrongImport('cli/main.ts', '../display/viewport.js')).not.toBeNull();
    expect(wrongImport('clips/mha.ts', '../domain/frame.js')).toBeNull();
    expect(wrongImport('elsewhere/a.ts', 'node:fs')).toContain('not in the import table');
  });

  it('name files that exist, with their ending', () => {
    const missing = SOURCES.flatMap((file) =>
      importsOf(file)
        .filter((specifier) => specifier.startsWith('.'))
        .map((specifier) => join(dirname(file.path), specifier))
        .filter(
          (path) => !path.endsWith('.js') || !existsSync(join(ROOT, `${path.slice(0, -3)}.ts`)),
        )
        .map((path) => `${file.path}: ${path}`),
    );
    expect(missing).toEqual([]);
  });
});

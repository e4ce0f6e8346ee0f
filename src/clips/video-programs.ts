import { spawnSync } from 'node:child_process';
import { EcholineError } from '../domain/errors.js';

/** Names or paths of the two programs that read films. */
export interface VideoPrograms {
  readonly ffmpeg: string;
  readonly ffprobe: string;
}

/** As they are found on the PATH. */
export const INSTALLED_PROGRAMS: VideoPrograms = { ffmpeg: 'ffmpeg', ffprobe: 'ffprobe' };

/** Whether films can be read here; every other format always can. */
export function canReadFilms(programs: VideoPrograms = INSTALLED_PROGRAMS): boolean {
  return [programs.ffmpeg, programs.ffprobe].every(
    (program) => spawnSync(program, ['-version'], { stdio: 'ignore' }).status === 0,
  );
}

/**
 * What to say where a program is not installed: how to install it, and how to turn the film into a
 * folder of images on a machine that has it.
 */
export function missingProgram(program: string, path: string): EcholineError {
  return new EcholineError(
    'ECHOLINE_CLIP_DECODER_MISSING',
    `${path} is a film, and reading films needs ${program}, which is not installed here. Either ` +
      'install it (apt-get install ffmpeg), or make a folder of images elsewhere and give that:\n' +
      `  ${conversionCommand(path)}\n` +
      '  then give the folder "frames" with --fps N, N being the frame rate of the film.',
    { program },
  );
}

/** What to say where ffmpeg does not know how to keep each frame's own time. */
export function outdatedProgram(path: string): EcholineError {
  return new EcholineError(
    'ECHOLINE_CLIP_DECODER_MISSING',
    `${path} is a film, and reading films needs ffmpeg 5.1 or newer; the installed one is ` +
      'older. Install a newer one, or make a folder of images where there is one and give that ' +
      `with --fps N:\n  ${conversionCommand(path)}`,
  );
}

/** The command that makes a folder of images of a film, every frame once. */
function conversionCommand(path: string): string {
  const quoted = `'${path.replaceAll("'", "'\\''")}'`;
  return `mkdir frames && ffmpeg -nostdin -i ${quoted} -fps_mode passthrough frames/%06d.png`;
}

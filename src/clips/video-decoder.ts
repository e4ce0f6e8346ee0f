import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { EcholineError } from '../domain/errors.js';
import { inputArguments, lastWords, type VideoContainer, type VideoFacts } from './video-probe.js';
import { missingProgram, outdatedProgram } from './video-programs.js';

/** Longest wait for the next bytes; while nobody asks for any, no time runs. */
const SILENCE_MAX_MS = 30_000;
const STDERR_BYTES_MAX = 64 * 1024;

/** A decoded frame: full-range luma, then the two chroma planes at half width and height. */
export interface DecodedPicture {
  readonly planes: Uint8Array;
  /** From the start of the film, µs. */
  readonly timeUs: number;
}

/** A film and how large its pictures are. */
export interface VideoSource {
  readonly path: string;
  readonly container: VideoContainer;
  readonly facts: VideoFacts;
  /** The program, by name or path. */
  readonly ffmpeg: string;
  /** For tests; the default is 30 s. */
  readonly silenceMaxMs?: number;
}

/** Bytes of one picture: a byte a pixel, and a quarter of that (rounded up) twice. */
function pictureBytes({ widthPx, heightPx }: VideoFacts): number {
  return widthPx * heightPx + 2 * Math.ceil(widthPx / 2) * Math.ceil(heightPx / 2);
}

/**
 * One run of ffmpeg over a film. Every frame comes once, with its own time: nothing is repeated or
 * left out to make the rate even.
 *
 * Pictures come from one pipe and times from another, both made from the same decoded frames:
 * ffmpeg's `framecrc` lists one line a frame, `stream, dts, pts, duration, bytes, checksum`. The
 * list is made from pictures of 8 × 8 so that its checksums cost nothing. ffmpeg waits when nobody
 * reads, so no more than the pipes' buffers is ahead of the reader.
 */
export class VideoDecoder {
  readonly #source: VideoSource;
  readonly #child: ChildProcess;
  readonly #pictures: AsyncIterator<Buffer>;
  readonly #times: AsyncIterator<Buffer>;
  readonly #ended: Promise<number | null>;
  #rest: Buffer = Buffer.alloc(0);
  #timeText = '';
  #complaints = '';
  #failure: Error | null = null;
  #isSilent = false;

  constructor(source: VideoSource) {
    this.#source = source;
    this.#child = spawn(source.ffmpeg, [...decodeArguments(source)], {
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
      // Ctrl-C is for this process: it ends the film itself, and a film that ends is no error then.
      detached: true,
    });
    const [, pictures, complaints, times] = this.#child.stdio as (Readable | null)[];
    this.#pictures = chunksOf(pictures);
    this.#times = chunksOf(times);
    complaints?.on('data', (chunk: Buffer) => {
      const room = STDERR_BYTES_MAX - this.#complaints.length;
      if (room > 0) this.#complaints += chunk.toString('latin1', 0, room);
    });
    this.#ended = new Promise((done) => {
      this.#child.once('close', (code) => done(code));
      this.#child.once('error', (error: NodeJS.ErrnoException) => {
        const isMissing = error.code === 'ENOENT';
        this.#failure = isMissing ? missingProgram(source.ffmpeg, source.path) : error;
        done(null);
      });
    });
  }

  /**
   * The next frame; null after the last one.
   *
   * @throws EcholineError ECHOLINE_CLIP_DATA when ffmpeg is silent for 30 s
   */
  async next(): Promise<DecodedPicture | null> {
    const planes = await this.#readPicture();
    if (planes === null) return null;
    const timeUs = await this.#readTime();
    return timeUs === null ? null : { planes, timeUs };
  }

  /**
   * What ffmpeg complained of once everything is read; null when it was content.
   *
   * @throws EcholineError ECHOLINE_CLIP_DECODER_MISSING, also when ffmpeg is older than 5.1
   */
  async complaint(): Promise<string | null> {
    const code = await this.#ended;
    if (this.#failure !== null) throw this.#failure;
    if (code === 0 && this.#complaints.trim() === '') return null;
    if (/Unrecognized option/.test(this.#complaints)) throw outdatedProgram(this.#source.path);
    return lastWords(this.#complaints);
  }

  /** Ends ffmpeg at once. May be called again. */
  close(): void {
    this.#child.kill('SIGKILL');
    for (const stream of this.#child.stdio) stream?.destroy();
  }

  async #readPicture(): Promise<Uint8Array | null> {
    const wantedBytes = pictureBytes(this.#source.facts);
    const picture = Buffer.allocUnsafeSlow(wantedBytes);
    let filled = 0;
    while (filled < wantedBytes) {
      if (this.#rest.length === 0) {
        const chunk = await this.#patiently(this.#pictures.next());
        // A part of a picture at the end is none: ffmpeg was killed or broke off.
        if (chunk === null) return null;
        this.#rest = chunk;
      }
      const taken = this.#rest.copy(picture, filled);
      this.#rest = this.#rest.subarray(taken);
      filled += taken;
    }
    return picture;
  }

  async #readTime(): Promise<number | null> {
    for (;;) {
      const end = this.#timeText.indexOf('\n');
      if (end < 0) {
        const chunk = await this.#patiently(this.#times.next());
        if (chunk === null) return null;
        this.#timeText += chunk.toString('latin1');
        continue;
      }
      const line = this.#timeText.slice(0, end);
      this.#timeText = this.#timeText.slice(end + 1);
      const [stream, , pts] = line.split(',').map((part) => part.trim());
      if (stream === '0') return Number(pts);
    }
  }

  async #patiently(reading: Promise<IteratorResult<Buffer>>): Promise<Buffer | null> {
    const waitMs = this.#source.silenceMaxMs ?? SILENCE_MAX_MS;
    const timer = setTimeout(() => {
      this.#isSilent = true;
      this.close();
    }, waitMs);
    try {
      const { done, value } = await reading;
      if (this.#isSilent) throw silence(this.#source.path, waitMs);
      return done === true ? null : value;
    } catch (error) {
      if (this.#isSilent) throw silence(this.#source.path, waitMs);
      throw this.#failure ?? error;
    } finally {
      clearTimeout(timer);
    }
  }
}

function decodeArguments({ path, container, facts }: VideoSource): readonly string[] {
  const { widthPx, heightPx } = facts;
  const picture = `scale=${widthPx}:${heightPx}:out_range=full:out_color_matrix=bt601`;
  const graph =
    `[0:V:0]${picture},format=yuv420p,settb=1/1000000,split[pictures][clock];` +
    '[clock]scale=8:8:flags=neighbor,format=gray[times]';
  const asTheyCome = ['-fps_mode', 'passthrough', '-enc_time_base', '1/1000000'];
  const raw = ['-c:v', 'rawvideo', '-threads', '1', ...asTheyCome];
  return [
    ...['-nostdin', '-hide_banner', '-v', 'error', '-threads', '1'],
    ...inputArguments(path, container),
    ...['-filter_complex_threads', '1', '-filter_complex', graph],
    ...['-map', '[pictures]', ...raw, '-f', 'rawvideo', 'pipe:1'],
    ...['-map', '[times]', ...raw, '-flush_packets', '1', '-f', 'framecrc', 'pipe:3'],
  ];
}

function silence(path: string, waitMs: number): EcholineError {
  return new EcholineError(
    'ECHOLINE_CLIP_DATA',
    `${path}: ffmpeg gave nothing for ${waitMs / 1000} s and was ended. Check the file and ` +
      'where it lies, or convert it to a folder of images first.',
    { waitMs },
  );
}

function chunksOf(stream: Readable | null | undefined): AsyncIterator<Buffer> {
  if (stream === null || stream === undefined) throw new Error('ffmpeg was started without pipes');
  const chunks: AsyncIterable<Buffer> = stream;
  return chunks[Symbol.asyncIterator]();
}

/** @returns a PNG of what is on the canvas; rejects when the browser cannot make one */
export type PictureEncoder = (canvas: HTMLCanvasElement) => Promise<Blob>;

/**
 * Starts a worker that encodes pictures.
 *
 * On the page itself a browser either lets everything wait for it (some 70 ms for a picture with
 * the bare one beside it) or does it in idle time, which a page that follows a stream on a busy
 * computer hardly has: then it takes seconds. Started with the page, as the service may be gone
 * when a picture is wanted.
 */
export function createPictureEncoder(): PictureEncoder {
  const script = new URL('picture-encoder-worker.js', import.meta.url);
  const worker = new Worker(script, { type: 'module' });
  const broken = new Promise<null>((resolve) => {
    worker.addEventListener('error', () => resolve(null), { once: true });
  });
  return async (canvas) => {
    const picture = await createImageBitmap(canvas);
    const { port1, port2 } = new MessageChannel();
    const answer = new Promise<Blob | null>((resolve) => {
      port1.onmessage = ({ data }: MessageEvent<Blob | null>) => resolve(data);
    });
    worker.postMessage(picture, [picture, port2]);
    const blob = await Promise.race([answer, broken]);
    port1.close();
    if (blob === null) throw new Error('The browser made no picture.');
    return blob;
  };
}

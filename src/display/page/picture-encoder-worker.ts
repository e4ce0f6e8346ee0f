/** Runs in a worker: answers each picture, on the port that came with it, with its PNG or null. */
addEventListener('message', async ({ data, ports }: MessageEvent<ImageBitmap>) => {
  ports[0]?.postMessage(await encode(data).catch(() => null));
});

function encode(picture: ImageBitmap): Promise<Blob> {
  const canvas = new OffscreenCanvas(picture.width, picture.height);
  canvas.getContext('bitmaprenderer')?.transferFromImageBitmap(picture);
  return canvas.convertToBlob({ type: 'image/png' });
}

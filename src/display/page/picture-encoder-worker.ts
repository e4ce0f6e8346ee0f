/** Runs in a worker: answers each picture, on the port that came with it, with its PNG or null. */
addEventListener('message', async ({ data, ports }: MessageEvent<ImageBitmap>) => {
  ports[0]?.postMessage(await encode(data).catch(() => null));
});

async function encode(picture: ImageBitmap): Promise<Blob | null> {
  const canvas = new OffscreenCanvas(picture.width, picture.height);
  const context = canvas.getContext('bitmaprenderer');
  if (context === null) return null;
  context.transferFromImageBitmap(picture);
  return canvas.convertToBlob({ type: 'image/png' });
}

import { basename } from 'node:path';
import type { Clip, ClipFrame } from '../domain/clip.js';
import { type Frame, NO_EXTENSIONS } from '../domain/frame.js';
import type { ClipOptions } from './clip-options.js';
import { grayOfRgb, hasColour, rgbaOfRgb } from './colour.js';
import { readDicomElements, TAG } from './dicom-elements.js';
import { type Extent, encapsulatedFrames, nativeFrames } from './dicom-fragments.js';
import { type DicomImage, readDicomImage, uncompressedFrameBytes } from './dicom-image.js';
import { type DicomPicture, decodeDicomFrame } from './dicom-pixels.js';
import { type DicomRegions, readDicomRegions } from './dicom-regions.js';
import { readDicomTimes } from './dicom-times.js';
import { readClipFile } from './read-clip-file.js';

/**
 * Opens a DICOM ultrasound image or clip: uncompressed, RLE or JPEG baseline.
 *
 * Frames are `gray8`; from the first frame on that shows colour they are `rgba8`, so that the
 * engine sees Doppler. Spacing and pane come from the 2D tissue region alone. Only elements about
 * the image are read: nothing of the patient gets into frames, messages or logs. Unless
 * BurnedInAnnotation says NO, frames are marked as possibly carrying text.
 *
 * @throws EcholineError ECHOLINE_CLIP_UNKNOWN_FORMAT, ECHOLINE_CLIP_EMPTY, ECHOLINE_CLIP_HEADER,
 *   ECHOLINE_CLIP_DATA, ECHOLINE_CLIP_LIMIT, ECHOLINE_CLIP_TIMESTAMPS; ECHOLINE_CLIP_DATA also
 *   while frames are read, where one cannot be decoded
 */
export async function openDicom(path: string, options: ClipOptions): Promise<Clip> {
  return dicomClip(basename(path), await readClipFile(path), options);
}

/** The same from bytes in memory; `name` is for messages and displays. */
export function dicomClip(name: string, file: Buffer, options: ClipOptions): Clip {
  const elements = readDicomElements(name, file);
  const image = readDicomImage(name, elements);
  const { dataSet } = elements;
  const regions = readDicomRegions(name, dataSet, image);
  const places = framesIn(name, file, image, dataSet.elements[TAG.pixelData]);
  const timesUs = readDicomTimes(name, dataSet, image.frameCount, options.fps);

  async function* frames(): AsyncGenerator<ClipFrame> {
    let isColoured = false;
    for (const [index, extents] of places.entries()) {
      const bytes = bytesOf(file, extents);
      const picture = await decodeDicomFrame(image, bytes, `${name}: frame ${index}`);
      const whole = { xPx: 0, yPx: 0, widthPx: image.widthPx, heightPx: image.heightPx };
      isColoured ||= picture.kind === 'rgb' && hasColour(picture.data, image.widthPx, whole);
      const frame = frameOf(image, regions, picture, isColoured);
      yield {
        frame: { ...frame, frameId: index, captureTimeUs: timesUs[index] ?? 0 },
        truth: null,
        file: places.length === 1 ? name : null,
      };
    }
  }
  const { frameCount, widthPx, heightPx } = image;
  return { name, frameCount, widthPx, heightPx, isSimulated: false, frames };
}

function framesIn(
  name: string,
  file: Buffer,
  image: DicomImage,
  element: Parameters<typeof nativeFrames>[2] | undefined,
): readonly (readonly Extent[])[] {
  if (element === undefined) return [];
  const { compression, frameCount } = image;
  if (compression !== 'none') {
    return encapsulatedFrames(name, file, element, frameCount, compression === 'jpeg');
  }
  const frameBytes = uncompressedFrameBytes(image);
  return nativeFrames(name, file, element, frameCount, frameBytes).map((extent) => [extent]);
}

function bytesOf(file: Buffer, extents: readonly Extent[]): Buffer {
  const parts = extents.map(({ offsetBytes, lengthBytes }) =>
    file.subarray(offsetBytes, offsetBytes + lengthBytes),
  );
  const [only] = parts;
  return only !== undefined && parts.length === 1 ? only : Buffer.concat(parts);
}

/**
 * The pane is told only where it is gray: where it shows colour, the engine has to see that and
 * decide itself, whatever the header says.
 */
function frameOf(
  image: DicomImage,
  { tissue, imagingMode, probeGeometry }: DicomRegions,
  { kind, data }: DicomPicture,
  isColoured: boolean,
): Omit<Frame, 'frameId' | 'captureTimeUs'> {
  const { widthPx, heightPx, mayCarryText } = image;
  const isGrayPane = tissue !== null && (kind === 'gray' || !hasColour(data, widthPx, tissue.rect));
  const panes = isGrayPane && imagingMode === null ? [tissue] : [];
  const gray = kind === 'gray' ? data : grayOfRgb(data);
  return {
    epoch: 0,
    flags: { isFrozen: false, geometryChanged: false, mayCarryText },
    format: isColoured ? 'rgba8' : 'gray8',
    probeGeometry,
    orientation: 'unknown',
    widthPx,
    heightPx,
    strideBytes: isColoured ? 4 * widthPx : widthPx,
    spacing: tissue?.spacing ?? null,
    extensions: { ...NO_EXTENSIONS, imagingMode, panes },
    payload: isColoured ? rgbaOfRgb(data) : gray,
  };
}

/** Memory for one image, reused from frame to frame and regrown when images grow. */
export interface ImageBuffers {
  /** As it was sent. */
  gray: Uint8Array;
  /** In the pipeline's orientation, where that is another. */
  mirrored: Uint8Array;
}

/** No memory yet. */
export function createImageBuffers(): ImageBuffers {
  return { gray: new Uint8Array(0), mirrored: new Uint8Array(0) };
}

/** The same buffer where it is large enough, else a new one. */
export function withSize(buffer: Uint8Array, bytes: number): Uint8Array {
  return buffer.length >= bytes ? buffer : new Uint8Array(bytes);
}

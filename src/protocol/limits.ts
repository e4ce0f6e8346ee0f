/** Bounds a reader puts on one frame message before it believes anything in it. */
export interface FrameLimits {
  /** Largest whole message, bytes. */
  readonly frameBytesMax: number;
  readonly widthMaxPx: number;
  readonly heightMaxPx: number;
  /** Most pixels of one image: what a decoder may be asked to do, however small the message. */
  readonly pixelsMax: number;
}

/** What the format itself can carry: u16 sides, u32 payload, u16 header. */
export const WIRE_LIMITS: FrameLimits = {
  frameBytesMax: 0xffff_ffff,
  widthMaxPx: 0xffff,
  heightMaxPx: 0xffff,
  pixelsMax: 0xffff * 0xffff,
};

/** Defaults of the service: 9 MiB holds 1920 × 1080 rgba8. The welcome carries the real ones. */
export const DEFAULT_FRAME_LIMITS: FrameLimits = {
  frameBytesMax: 9 * 1024 * 1024,
  widthMaxPx: 4096,
  heightMaxPx: 4096,
  pixelsMax: 2048 * 2048,
};

/** Largest control message in bytes, unless the welcome says otherwise. */
export const DEFAULT_CONTROL_BYTES_MAX = 16 * 1024;

/** Largest text message a client accepts from a service, bytes: overlays are the big ones. */
export const SERVICE_MESSAGE_BYTES_MAX = 1024 * 1024;

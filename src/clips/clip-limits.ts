const MIB = 1024 * 1024;

/** Largest clip held in memory, bytes of pixels or of file. */
export const CLIP_BYTES_MAX = 1024 * MIB;

/** Largest single image file; also most bytes of one decoded frame. */
export const IMAGE_FILE_BYTES_MAX = 64 * MIB;

/** Largest MHA header: 2 KiB a frame is usual, so this is for thousands of frames. */
export const MHA_HEADER_BYTES_MAX = 16 * MIB;

/** Largest side of a frame: the wire carries 16 bits. */
export const CLIP_SIDE_MAX_PX = 65_535;

/** Most bytes that one film is decoded to, frame after frame: an hour of 640 × 480 at 30/s. */
export const FILM_BYTES_MAX = 48 * 1024 * MIB;

const MIB = 1024 * 1024;

/** Largest clip held in memory, bytes of pixels or of file. */
export const CLIP_BYTES_MAX = 1024 * MIB;

/** Largest single image file. */
export const IMAGE_FILE_BYTES_MAX = 64 * MIB;

/** Largest MHA header: 2 KiB a frame is usual, so this is for thousands of frames. */
export const MHA_HEADER_BYTES_MAX = 16 * MIB;

/** Largest side of a frame: the wire carries 16 bits. */
export const CLIP_SIDE_MAX_PX = 65_535;

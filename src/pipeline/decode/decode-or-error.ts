import { type EcholineError, isEcholineError } from '../../domain/errors.js';
import type { Frame } from '../../domain/frame.js';
import type { Kernels } from '../../kernels/kernels.js';
import type { DecodeWish } from '../frame-context.js';
import { type DecodedFrame, type DecodeState, decode } from './decode.js';

/** `decode`, with the cart's errors as a value; anything else is thrown. */
export async function decodeOrError(
  state: DecodeState,
  frame: Frame,
  kernels: Kernels,
  wish: DecodeWish,
): Promise<DecodedFrame | { readonly kind: 'error'; readonly error: EcholineError }> {
  try {
    return await decode(state, frame, kernels, wish);
  } catch (error) {
    if (isEcholineError(error)) return { kind: 'error', error };
    throw error;
  }
}

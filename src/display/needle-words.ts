import type { GuidanceReason } from '../domain/guidance.js';
import type { NeedleState, TipReason } from '../domain/needle.js';

/** A needle state for people: the headline, and what it means in one short sentence. */
export interface NeedleWords {
  readonly headline: string;
  readonly meaning: string;
}

/**
 * Says each needle state so that none can be taken for another. No word of advice ("advance",
 * "safe"): the display says what is seen and what is not.
 */
export const NEEDLE_WORDS: Readonly<Record<NeedleState, NeedleWords>> = {
  absent: { headline: 'No needle seen', meaning: 'No needle was found in this image.' },
  acquiring: { headline: 'Looking', meaning: 'Something like a needle; not confirmed yet.' },
  'tip-visible': {
    headline: 'Tip visible',
    meaning: 'The ring holds the tip with 90 % probability.',
  },
  'tip-coasting': {
    headline: 'Tip predicted',
    meaning: 'The tip was not seen in this image; its place is a prediction.',
  },
  'shaft-only': {
    headline: 'Tip NOT visible',
    meaning: 'Only the shaft is seen. The tip may lie beyond its visible end.',
  },
  'out-of-plane': {
    headline: 'Needle crosses the plane',
    meaning: 'A cross-section is seen. It need not be the tip.',
  },
  lost: { headline: 'Needle LOST', meaning: 'It was followed before and cannot be seen now.' },
};

/** Why there is no tip, in words. */
export const TIP_REASON_WORDS: Readonly<Record<TipReason, string>> = {
  'no-needle': 'No needle was found in this image.',
  'not-confirmed': 'Not confirmed yet.',
  'tip-not-visible': 'The tip is not visible.',
  'out-of-plane': 'A cross-section is seen. It need not be the tip.',
  'track-lost': 'It was followed before and cannot be seen now.',
  frozen: 'The image is frozen.',
  'image-quality': 'The image is too poor to tell.',
  'imaging-mode': 'This imaging mode is not read.',
  'several-panes': 'Several panes on one screen are not read.',
  'engine-unavailable': 'The engine is not available.',
  'decode-failed': 'The image could not be decoded by the engine.',
};

/** Why guidance is limited, in words. */
export const GUIDANCE_REASON_WORDS: Readonly<Record<GuidanceReason, string>> = {
  'spacing-unknown': 'Scale unknown: no millimetres',
  'spacing-outside-range': 'Scale outside what the model knows',
  'frame-rate-low': 'Too few frames a second',
  'needle-not-seen': 'Needle not seen',
  'tip-not-visible': 'Tip not visible',
  'image-quality-low': 'Poor image',
  'contact-lost': 'Probe contact lost',
  frozen: 'Image frozen',
  'imaging-mode': 'Imaging mode not supported',
  'several-panes': 'Several panes not supported',
  'structure-not-seen': 'A structure is not seen',
  'side-not-confirmed': 'Side not confirmed',
  'target-moved': 'Target moved: confirm it anew',
  'target-lost': 'Target lost',
  'target-outside-image': 'Target outside the image',
  'engine-unavailable': 'Engine unavailable',
  'inference-failed': 'Inference failed',
  'decode-failed': 'Image not decodable',
};

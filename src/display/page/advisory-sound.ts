import type { Advisory, AdvisoryPriority } from '../../domain/advisory.js';
import { setData } from './element.js';

/** Pulses of a priority: how many, how high (Hz). They are no IEC 60601-1-8 alarm bursts. */
const PULSES: Readonly<Record<AdvisoryPriority, { count: number; pitchHz: number }>> = {
  low: { count: 1, pitchHz: 523 },
  medium: { count: 2, pitchHz: 659 },
  high: { count: 3, pitchHz: 784 },
};
const PULSE_S = 0.14;
const GAP_S = 0.1;
const LOUDNESS = 0.25;

/** Sound of advisories: off until the operator turns it on. */
export interface AdvisorySound {
  isOn(): boolean;
  toggle(): void;
  /** Sounds an advisory that just came on, unless it is silenced or sound is off. */
  onset(advisory: Advisory): void;
  /** Sounds a medium advisory, so that the operator knows that it can be heard. */
  test(): void;
}

/** Makes the sound; browsers let a page sound only after it was touched, so it starts then. */
export function createAdvisorySound(): AdvisorySound {
  let audio: AudioContext | null = null;
  let isOn = false;
  let sounded = 0;

  function play(priority: AdvisoryPriority): void {
    audio ??= new AudioContext();
    void audio.resume();
    const { count, pitchHz } = PULSES[priority];
    for (let pulse = 0; pulse < count; pulse += 1) {
      playPulse(audio, pitchHz, audio.currentTime + pulse * (PULSE_S + GAP_S));
    }
    sounded += 1;
    setData('sounded', String(sounded));
  }

  return {
    isOn: () => isOn,
    toggle() {
      isOn = !isOn;
    },
    onset({ isSilenced, priority }) {
      if (isOn && !isSilenced) play(priority);
    },
    test: () => play('medium'),
  };
}

/** A tone with soft edges: a hard one clicks. */
function playPulse(audio: AudioContext, pitchHz: number, atS: number): void {
  const tone = audio.createOscillator();
  const volume = audio.createGain();
  tone.frequency.value = pitchHz;
  volume.gain.setValueAtTime(0, atS);
  volume.gain.linearRampToValueAtTime(LOUDNESS, atS + 0.02);
  volume.gain.setValueAtTime(LOUDNESS, atS + PULSE_S - 0.03);
  volume.gain.linearRampToValueAtTime(0, atS + PULSE_S);
  tone.connect(volume).connect(audio.destination);
  tone.start(atS);
  tone.stop(atS + PULSE_S);
}

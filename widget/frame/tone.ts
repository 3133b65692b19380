/** Hertz and seconds: two short notes, the second one higher. */
const NOTES = [
  { pitch: 660, at: 0 },
  { pitch: 880, at: 0.11 },
]
const LASTS = 0.22
const LOUDNESS = 0.08

/** Plays the tone of an answer, from now on the clock of `audio`. */
export function ring(audio: AudioContext): void {
  for (const { pitch, at } of NOTES) play(audio, pitch, audio.currentTime + at)
}

function play(audio: AudioContext, pitch: number, from: number): void {
  const note = new OscillatorNode(audio, { frequency: pitch })
  const volume = new GainNode(audio, { gain: 0 })
  volume.gain.linearRampToValueAtTime(LOUDNESS, from + 0.01)
  volume.gain.exponentialRampToValueAtTime(0.0001, from + LASTS)
  note.connect(volume).connect(audio.destination)
  note.start(from)
  note.stop(from + LASTS)
}

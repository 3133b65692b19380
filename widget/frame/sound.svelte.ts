/** Hertz and seconds: two short notes, the second one higher. */
const NOTES = [
  { pitch: 660, at: 0 },
  { pitch: 880, at: 0.11 },
]
const LASTS = 0.22
const LOUDNESS = 0.08

/** A short tone for answers that nobody sees; silent until the visitor wants it. */
export class Sound {
  on = $state(false)
  readonly #keep: (on: boolean) => void
  #audio: AudioContext | undefined

  /** `keep` remembers the wish beyond this page. */
  constructor(on: boolean, keep: (on: boolean) => void) {
    this.on = on
    this.#keep = keep
  }

  toggle(): void {
    this.on = !this.on
    this.#keep(this.on)
    this.play()
  }

  /** Browsers let a page be heard only once it was touched; until then this is silent. */
  play(): void {
    if (!this.on || !navigator.userActivation.hasBeenActive) return
    const audio = (this.#audio ??= new AudioContext())
    void audio.resume()
    for (const { pitch, at } of NOTES) ring(audio, pitch, audio.currentTime + at)
  }
}

function ring(audio: AudioContext, pitch: number, from: number): void {
  const note = new OscillatorNode(audio, { frequency: pitch })
  const volume = new GainNode(audio, { gain: 0 })
  volume.gain.linearRampToValueAtTime(LOUDNESS, from + 0.01)
  volume.gain.exponentialRampToValueAtTime(0.0001, from + LASTS)
  note.connect(volume).connect(audio.destination)
  note.start(from)
  note.stop(from + LASTS)
}

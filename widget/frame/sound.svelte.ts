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
    void import('./tone.ts').then(
      ({ ring }) => ring(audio),
      () => undefined,
    )
  }
}

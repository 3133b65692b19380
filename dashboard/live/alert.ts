/** How long and how loud the two tones are: hertz, seconds, of 1. */
const TONES = [
  [660, 0],
  [880, 0.16],
] as const
const TONE_SECONDS = 0.22
const LOUDNESS = 0.12

/** Plays a short sound. Browsers let a page be heard only once it was touched; until then this is silent. */
export function ring(): void {
  if (!navigator.userActivation.hasBeenActive) return
  const audio = new AudioContext()
  const loudness = audio.createGain()
  loudness.connect(audio.destination)
  const begin = audio.currentTime
  for (const [pitch, after] of TONES) {
    const tone = audio.createOscillator()
    tone.frequency.value = pitch
    tone.connect(loudness)
    tone.start(begin + after)
    tone.stop(begin + after + TONE_SECONDS)
  }
  const end = begin + TONES[1][1] + TONE_SECONDS
  loudness.gain.setValueAtTime(LOUDNESS, begin)
  loudness.gain.exponentialRampToValueAtTime(0.001, end)
  setTimeout(() => void audio.close(), (end - begin) * 1_000 + 200)
}

/** Shows a notification of the browser, where the person has allowed that. `tag`: another of the same takes its place. */
export function notify(
  title: string,
  { body, tag, onclick }: { body: string; tag: string; onclick: () => void },
): void {
  if (!('Notification' in window) || Notification.permission !== 'granted') return
  const shown = new Notification(title, { body, tag })
  shown.onclick = () => {
    window.focus()
    shown.close()
    onclick()
  }
}

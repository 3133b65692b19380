import type { Ask } from './ask.ts'

export interface RatingPorts {
  ask: Ask
  onRated(score: number): void
}

/** How good the visitor says it was: once, and again when it thinks otherwise. */
export class Rating {
  /** The form is asked for, whatever was said before. */
  wanted = $state(false)
  sending = $state(false)
  failed = $state(false)
  readonly #ports: RatingPorts

  constructor(ports: RatingPorts) {
    this.#ports = ports
  }

  /** `score`: 1 to 5. */
  async submit(score: number, comment: string): Promise<void> {
    const said = comment.trim()
    this.sending = true
    const answer = await this.#ports.ask('rating:submit', { score, ...(said && { comment: said }) })
    this.sending = false
    this.failed = !answer.ok
    if (!answer.ok) return
    this.wanted = false
    this.#ports.onRated(score)
  }
}

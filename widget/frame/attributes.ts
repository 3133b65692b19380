import type { AttributeChanges } from '../../protocol/telling.ts'
import type { Ask } from './ask.ts'
import type { Host } from './host.ts'

export interface AttributePorts {
  host: Pick<Host, 'tell'>
  ask: Ask
}

/** What the page tells of its visitor: said again to each session and each conversation that is new. */
export class Attributes {
  readonly #ports: AttributePorts
  #attributes: AttributeChanges | null
  #place: string | null = null
  #told: string | null = null

  constructor(ports: AttributePorts, attributes: AttributeChanges | null) {
    this.#ports = ports
    this.#attributes = attributes
  }

  change(attributes: AttributeChanges): void {
    this.#attributes = attributes
    this.#told = null
    this.#tell()
  }

  /** The line is there, or leads to another conversation now: `place` names session and conversation. */
  reach(place: string): void {
    this.#place = place
    this.#tell()
  }

  #tell(): void {
    const place = this.#place
    if (!this.#attributes || place === null || place === this.#told) return
    this.#told = place
    void this.#ports.ask('attributes:set', this.#attributes).then((answer) => {
      if (answer.ok || this.#told !== place) return
      // Said again with the next conversation or change; what may succeed later, with the next line.
      if (answer.error.retryable) this.#told = null
      else this.#ports.host.tell('error', { code: answer.error.code, message: answer.error.message })
    })
  }
}

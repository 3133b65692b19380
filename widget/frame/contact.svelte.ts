import type { Ask } from './ask.ts'

/** The e-mail address that a visitor leaves for later. */
export class Contact {
  /** The business has one: it is not asked for again. */
  given = $state(false)
  /** It was given in this window: say so. */
  thanked = $state(false)
  sending = $state(false)
  problem = $state<'email' | 'unsent' | null>(null)
  readonly #ask: Ask

  constructor(ask: Ask) {
    this.#ask = ask
  }

  async submit(email: string, name: string): Promise<void> {
    const [address, called] = [email.trim(), name.trim()]
    this.problem = isEmail(address) ? null : 'email'
    if (this.problem) return
    this.sending = true
    const answer = await this.#ask('contact:submit', { email: address, ...(called && { name: called }) })
    this.sending = false
    this.given = this.thanked = answer.ok
    if (!answer.ok) this.problem = answer.error.code === 'invalid_payload' ? 'email' : 'unsent'
  }
}

/** Whether it could be one: something, an @, and a host with a dot. */
function isEmail(text: string): boolean {
  return /^[^\s@]+@[^\s@]+\.[^\s@.]+$/.test(text)
}

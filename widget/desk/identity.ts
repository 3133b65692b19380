import type { IdentitySource } from '../front.ts'

/** Milliseconds that the page's function has for a token. */
const TOKEN_WAIT = 10_000

/** The page's proof of who its visitor is. A function is asked once, and again when what it gave was refused. */
export class Identity {
  #source: IdentitySource | null
  #held: Promise<string | null> | null = null
  #refused: string | undefined
  readonly #onFault: (message: string) => void

  constructor(source: IdentitySource | null, onFault: (message: string) => void) {
    this.#source = source
    this.#onFault = onFault
  }

  /** Whether the page has said that it knows its visitor. */
  get isSet(): boolean {
    return this.#source !== null
  }

  use(source: IdentitySource | null): void {
    this.#source = source
    this.#held = null
    this.#refused = undefined
  }

  /** The token, never one that was refused. Null, told as a fault, where the page gives none within 10 s. */
  async token(refused = this.#refused): Promise<string | null> {
    this.#refused = refused
    const source = this.#source
    if (source === null) return null
    const held = (this.#held ??= this.#ask(source))
    const token = await held
    if (this.#source !== source) return this.token()
    if (token !== null && token !== this.#refused) return token
    if (this.#held === held) this.#held = null
    return token === null ? null : this.token()
  }

  async #ask(source: IdentitySource): Promise<string | null> {
    const token = typeof source === 'string' ? source : await given(source)
    if (token === null) return this.#fault('The page gave no identity token.')
    if (token === this.#refused) return this.#fault('The identity token was refused.')
    return userOf(token) === null ? this.#fault('The identity token is no JWT of a user.') : token
  }

  #fault(message: string): null {
    this.#onFault(message)
    return null
  }
}

/** Of whom a token speaks, unverified: only the server can tell whether it is true. */
export function userOf(token: string): string | null {
  try {
    const claims = atob((token.split('.')[1] ?? '').replace(/-/g, '+').replace(/_/g, '/'))
    const { sub } = JSON.parse(claims) as { sub?: unknown }
    return typeof sub === 'string' && sub !== '' ? sub : null
  } catch {
    return null
  }
}

/** What the page's function gives, in time; null for anything that is no text. */
async function given(ask: () => unknown): Promise<string | null> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), TOKEN_WAIT)
  })
  try {
    const token = await Promise.race([late, ask()])
    return typeof token === 'string' ? token : null
  } catch {
    return null
  } finally {
    clearTimeout(timer)
  }
}

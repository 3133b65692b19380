import type { Ask } from './ask.ts'
import type { Host } from './host.ts'

export interface ProofPorts {
  host: Pick<Host, 'askIdentity' | 'isForeign'>
  ask: Ask
}

/** The page's proof of who the visitor is, as the server is given it: with each handshake, and when it comes later. */
export class Proof {
  readonly #ports: ProofPorts
  /** What the page has found out meanwhile, and what the server was given last. */
  #found: string | null = null
  #given: string | null = null
  #refused: string | undefined

  constructor(ports: ProofPorts) {
    this.#ports = ports
  }

  /** For a handshake; null where the page does not know its visitor. */
  async token(): Promise<string | null> {
    this.#given = await this.#ports.host.askIdentity(this.#refused)
    return this.#given
  }

  /** What the last handshake gave does not hold. */
  refuse(): void {
    this.#refused = this.#given ?? undefined
  }

  /** The page knows its visitor now. Without a line, the next handshake or `ready` tells. */
  found(token: string): void {
    this.#found = token
    void this.#prove(token)
  }

  /** The line is there: what was found while it came is told now. */
  ready(): void {
    if (this.#found !== null && this.#found !== this.#given) void this.#prove(this.#found)
  }

  /** Whether the visitor is proved now: for when the server wants that before it lets it write. */
  async demand(): Promise<boolean> {
    const token = await this.#ports.host.askIdentity(this.#refused)
    return token !== null && this.#prove(token)
  }

  async #prove(token: string): Promise<boolean> {
    const answer = await this.#ports.ask('session:identify', { identity_token: token })
    if (answer.ok) this.#given = token
    else if (answer.error.code === 'session_invalid') this.#ports.host.isForeign()
    else if (answer.error.code === 'identity_invalid') return this.#again(token)
    return answer.ok
  }

  async #again(refused: string): Promise<boolean> {
    this.#refused = refused
    const token = await this.#ports.host.askIdentity(refused)
    return token !== null && token !== refused && this.#prove(token)
  }
}

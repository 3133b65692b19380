import { PROTOCOL_VERSION } from '../../protocol/version.ts'
import type { WidgetHandshake } from '../../protocol/widget.ts'
import type { Session, Welcome } from '../bridge.ts'
import type { ConnectionPorts } from './connection.ts'
import type { Host } from './host.ts'
import type { Proof } from './proof.ts'

export interface CallerParts {
  clientKey: string
  locale: string
  host: Host
  welcome: Welcome
}

/** What a chat is made of: that, and lines to the server. */
export interface ChatParts extends CallerParts {
  lines: Pick<ConnectionPorts, 'openLine' | 'way'>
}

type Cursor = Pick<WidgetHandshake, 'conversation_id' | 'last_seq' | 'reply'>

/** Who calls: the visitor's session as every handshake says it, kept by the page around. */
export class Caller {
  readonly #parts: CallerParts
  readonly #proof: Proof
  /** For the server's own words; the visitor may come to read another language. */
  locale: string
  #session: Session | null
  #stale: string | undefined

  constructor(parts: CallerParts, proof: Proof) {
    this.#parts = parts
    this.#proof = proof
    this.locale = parts.locale
    this.#session = parts.welcome.session
  }

  get sessionId(): string | undefined {
    return this.#session?.session_id
  }

  /** What the handshake says. The first session is claimed, so that several tabs make one. */
  async introduce(cursorOf: () => Cursor): Promise<WidgetHandshake> {
    const { host, clientKey, welcome } = this.#parts
    // First, for what is kept may be somebody else's.
    const token = await this.#proof.token()
    this.#session ??= await host.claimSession(this.#stale)
    return {
      client_key: clientKey,
      protocol: PROTOCOL_VERSION,
      locale: this.locale,
      page_url: welcome.page_url.slice(0, 2_048),
      ...this.#session,
      ...(token !== null && { identity_token: token }),
      ...cursorOf(),
    }
  }

  /** Keeps a session that is new. */
  keep(session: Session): void {
    this.#session = session
    this.#parts.host.saveSession(session)
  }

  /** The server does not know the session: the next handshake does without. */
  forget(): void {
    this.#stale = this.#session?.session_id
    this.#session = null
  }
}

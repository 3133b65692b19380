import type { Message } from '../../protocol/records.ts'
import type { Told } from '../support/recorder.ts'

/** A message on its way, as its sender saw it. Times are Date.now(), which here is also the database's clock. */
export interface Send {
  session: string
  /** The agent who wrote it; null: the visitor. */
  agent: string | null
  id: string
  text: string
  sentAt: number
  ackedAt: number | null
  /** Each ack's message, first to last. */
  acks: Message[]
}

/** One event as a node published it. */
export interface TellingOf {
  node: string
  at: number
  told: Told
}

/** A node became the owner of a turn. `askedAt` is when the statement left, `at` when its reply came. */
export interface Ownership {
  conversation: string
  turn: number
  attempt: number
  node: string
  askedAt: number
  at: number
}

export interface Stop {
  conversation: string
  turn: number
  at: number
}

/** Everything that was seen from outside the database; what the checker holds against what is kept. */
export class Witness {
  readonly sends: Send[] = []
  readonly tellings: TellingOf[] = []
  readonly ownerships: Ownership[] = []
  readonly stops: Stop[] = []
  /** Tool calls that ran: the nonce that the model gave the call, and the key under which it ran. */
  readonly executions: { nonce: string; key: string }[] = []
  /** What nodes logged as an error: the heart expects every fault that the harness makes. */
  readonly errors: string[] = []

  tell(node: string, told: Told): void {
    this.tellings.push({ node, at: Date.now(), told })
  }
}

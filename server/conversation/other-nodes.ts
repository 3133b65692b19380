import type { ReplyCursor, RunningReply } from '../../protocol/records.ts'
import type { Address } from './publisher.ts'

/** How a turn is broken off whose mark is committed already. */
export type BrokenOff = 'stopped' | 'interrupted'

/**
 * The other nodes, as the domain needs them beside its events. Nothing here is certain: what is not heard is found in
 * Postgres, by the owner's next renewal or the visitor's next question.
 */
export interface OtherNodes {
  /** Resolves when what other nodes say of a session that somebody listens to here is heard. Never rejects. */
  reached(sessionId: string): Promise<void>
  /** A turn runs here from now on, until `ended`: others may want something of it. */
  began(to: Address): void
  ended(to: Address): void
  /** Asks whoever runs the conversation's turn to tell what was said so far, and from there on. */
  ask(to: Address): void
  /** The reply that runs elsewhere, as far as it was heard here. */
  reply(to: Pick<Address, 'session_id' | 'conversation_id'>, cursor?: ReplyCursor): RunningReply | undefined
  /** Tells whoever runs the turn that it is broken off. */
  interrupt(to: Address, turn: number, how: BrokenOff): void
  /** Tells whoever runs the turn that a message more is to be answered. */
  messageArrived(to: Address, seq: number): void
}

/** What other nodes want of this one. */
export interface AskedByNodes {
  reply(conversationId: string): RunningReply | undefined
  interrupt(conversationId: string, turn: number, how: BrokenOff): void
  messageArrived(conversationId: string, seq: number): void
  /** A call that waits for its visitor may be decided. */
  answered(conversationId: string): void
  /** Nothing of an epoch lower than this may be said any more. */
  takenOver(conversationId: string, epoch: number): void
}

/** There is no other node. */
export const ALONE: OtherNodes = {
  reached: () => Promise.resolve(),
  began: () => undefined,
  ended: () => undefined,
  ask: () => undefined,
  reply: () => undefined,
  interrupt: () => undefined,
  messageArrived: () => undefined,
}

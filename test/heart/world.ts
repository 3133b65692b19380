import { setTimeout as delay } from 'node:timers/promises'
import type { ConversationHeart } from '../../server/conversation/index.ts'
import type { Result } from '../../protocol/result.ts'
import type { Message } from '../../protocol/records.ts'
import { DatabaseUnavailable } from '../../server/infra/database.ts'
import { NodeGone } from './heart-node.ts'
import type { Random } from './random.ts'
import type { Send, Witness } from './witness.ts'

/** A node as those outside see it: in this process, or one of its own. */
export interface Node {
  readonly name: string
  readonly isDead: boolean
  ask<T>(
    work: (heart: Pick<ConversationHeart, 'conversations' | 'agents' | 'results'>) => Promise<T>,
  ): Promise<T>
  freeze(): unknown
  thaw(): unknown
  kill(): unknown
  /** Cuts its line to the database, or mends it. */
  cut(cut: boolean): void
  /** From here on its line is sound. */
  mend(): void
  stop(): Promise<void>
}

/** How long somebody waits for an answer before turning to another node. */
const PATIENCE = 400

class Impatient extends Error {}

/** The nodes, and the ways in which people outside reach them. */
export class World {
  readonly nodes: Node[] = []
  readonly witness: Witness
  /** When true, people give up and go; what they had sent may still arrive. */
  over = false

  constructor(witness: Witness) {
    this.witness = witness
  }

  /** Asks some node; null when no answer came, whatever that means. */
  async tryOnce<T>(
    random: Random,
    work: (heart: Pick<ConversationHeart, 'conversations' | 'agents' | 'results'>) => Promise<T>,
  ): Promise<T | null> {
    const node = random.pick(this.nodes)
    const impatience = new AbortController()
    const late = delay(PATIENCE, undefined, { signal: impatience.signal }).then(() => {
      throw new Impatient()
    })
    try {
      return await Promise.race([node.ask(work), late])
    } catch (error) {
      if (!isExpected(error)) this.witness.errors.push(`a request broke: ${String(error)}`)
      return null
    } finally {
      impatience.abort()
      late.catch(() => undefined)
    }
  }

  /** Sends a message until it is acked or refused, wherever somebody answers, as a widget's outbox does. */
  async deliver(
    random: Random,
    send: Send,
    work: (
      heart: Pick<ConversationHeart, 'conversations' | 'agents' | 'results'>,
    ) => Promise<Result<{ message: Message }>>,
  ): Promise<void> {
    while (!this.over) {
      const answer = await this.tryOnce(random, work)
      if (answer?.ok) {
        send.ackedAt ??= Date.now()
        send.acks.push(answer.data.message)
      }
      if (answer && (answer.ok || !answer.error.retryable)) return
      await delay(random.between(1, 20))
    }
  }

  /** What a visitor has seen of its newest reply. */
  newestTurn(session: string): number {
    const seen = this.witness.tellings.findLast(
      ({ told }) => told.event === 'reply:start' && told.to.session_id === session,
    )
    return seen?.told.event === 'reply:start' ? seen.told.args[0].turn : 0
  }

  /** The conversation of a session that was opened last, as the dashboard sees it. */
  conversationOf(session: string): string | null {
    const seen = this.witness.tellings.findLast(({ told }) => told.to.session_id === session)
    return seen?.told.to.conversation_id ?? null
  }
}

function isExpected(error: unknown): boolean {
  return error instanceof DatabaseUnavailable || error instanceof NodeGone || error instanceof Impatient
}

import type { Address, ToolEvent, ToolTold } from '../server/conversation/publisher.ts'

type Started = ToolTold['tool:start']

/** Conversations of which is remembered what runs. A turn that got lost here says nothing more of its tools. */
const KEPT = 1_000

/** The tools at work in running replies, as far as they were told of on this node. */
export class RunningTools {
  readonly #byConversation = new Map<string, Map<string, Started>>()

  note<E extends ToolEvent>(to: Address, event: E, told: ToolTold[E]): void {
    if (event === 'tool:start') this.#start(to.conversation_id, told as Started)
    else if (event === 'tool:end') this.#end(to.conversation_id, (told as ToolTold['tool:end']).seen.call_id)
  }

  /** A reply begins anew, or has ended: nothing runs for it. */
  clear(conversationId: string): void {
    this.#byConversation.delete(conversationId)
  }

  of(conversationId: string): Started[] {
    return [...(this.#byConversation.get(conversationId)?.values() ?? [])]
  }

  #start(conversationId: string, started: Started): void {
    const running = this.#byConversation.get(conversationId) ?? new Map<string, Started>()
    this.#byConversation.set(conversationId, running.set(started.seen.call_id, started))
    if (this.#byConversation.size <= KEPT) return
    const [oldest] = this.#byConversation.keys()
    if (oldest !== undefined) this.#byConversation.delete(oldest)
  }

  #end(conversationId: string, callId: string): void {
    const running = this.#byConversation.get(conversationId)
    running?.delete(callId)
    if (running?.size === 0) this.#byConversation.delete(conversationId)
  }
}

import type { ErrorCode } from '../../../protocol/errors.ts'
import type { Api } from '../../api/api.ts'
import { ApiFailure } from '../../api/api-failure.ts'
import type { LiveConversation } from '../../live/live-conversation.svelte.ts'
import { newSending, type Sending } from '../../live/watched.ts'

/** Which test chat: its client, and its session. */
export interface TestPlace {
  client_id: string
  test_chat_id: string
}

/** One conversation of a test chat: watched like any other, spoken in as a customer. */
export class TestTalk {
  readonly #api: Api
  readonly #params: TestPlace
  readonly #watched: LiveConversation

  constructor(api: Api, place: TestPlace, watched: LiveConversation) {
    this.#api = api
    this.#params = place
    this.#watched = watched
  }

  get loadingOlder(): boolean {
    return this.#watched.loadingOlder
  }

  loadOlder(): Promise<void> {
    return this.#watched.loadOlder()
  }

  /** Shows the message at once, and says it in the customer's place. Never rejects: what was not said shows why. */
  async send(text: string, again?: Sending): Promise<void> {
    const { client_message_id, created_at } = again ?? newSending(text)
    const body = { client_message_id, text: again?.text ?? text }
    this.#watched.hear({ type: 'sending', entry: { ...body, created_at } })
    try {
      const { message } = await this.#api.ask(
        'POST /api/admin/clients/:client_id/test-chats/:test_chat_id/messages',
        { params: this.#params, body },
      )
      this.#watched.hear({ type: 'created', message })
    } catch (error) {
      this.#watched.hear({ type: 'send-failed', client_message_id, code: codeOf(error) })
    }
  }

  discard(sending: Sending): void {
    this.#watched.discard(sending)
  }

  /** Stops the running reply. Throws an `ApiFailure`. */
  async stop(turn: number): Promise<void> {
    await this.#api.ask('POST /api/admin/clients/:client_id/test-chats/:test_chat_id/stop', {
      params: this.#params,
      body: { turn },
    })
  }

  /** Says yes or no to a call that waits for it. Throws an `ApiFailure`. */
  async answer(call_id: string, approved: boolean): Promise<void> {
    await this.#api.ask('POST /api/admin/clients/:client_id/test-chats/:test_chat_id/confirm', {
      params: this.#params,
      body: { call_id, approved },
    })
  }
}

function codeOf(error: unknown): ErrorCode {
  if (!(error instanceof ApiFailure)) throw error
  return error.code === 'unreachable' ? 'unavailable' : error.code
}

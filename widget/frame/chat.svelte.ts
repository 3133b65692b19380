import type { Result } from '../../protocol/result.ts'
import type { Message } from '../../protocol/records.ts'
import type { SessionReady, WidgetHandshake } from '../../protocol/widget.ts'
import { PROTOCOL_VERSION } from '../../protocol/version.ts'
import type { ConnectionState, OutboxEntry, ReadMark, Session, Welcome } from '../bridge.ts'
import { Connection, type ConnectionPorts } from './connection.ts'
import type { Host } from './host.ts'
import type { WidgetEvent } from './line.ts'
import { isTooLong, newEntry, sendable } from './message-text.ts'
import { Outbox } from './outbox.ts'
import { apply, cursorOf, EMPTY_TRANSCRIPT, type Transcript, type TranscriptEvent } from './transcript.ts'
import { TypingSignal } from './typing-signal.ts'
import { countUnread, isAnswer } from './unread.ts'

/** Pages asked for in one go while catching up; what remains is asked for with the next event. */
const SYNC_PAGES = 50

export interface ChatParts {
  clientKey: string
  locale: string
  host: Host
  welcome: Welcome
  openSocket: ConnectionPorts['openSocket']
}

/** One visitor's chat: what is shown, and everything that can be done. Components read it and call it. */
export class Chat {
  transcript = $state.raw<Transcript>(EMPTY_TRANSCRIPT)
  connection = $state<ConnectionState>('idle')
  open = $state(false)
  agentTyping = $state(false)
  /** Who took over from the AI, while a person has the conversation. */
  agentName = $state<string | null>(null)
  loadingOlder = $state(false)
  /** The turn whose stop was asked. */
  stopping = $state(0)
  /** Calls to which an answer is on its way. */
  answering = $state.raw<readonly string[]>([])
  /** The last whole answer, for the live region: said once, at its end. */
  announced = $state.raw<Message | null>(null)

  readonly #parts: ChatParts
  readonly #line: Connection
  readonly #outbox: Outbox
  readonly #typing: TypingSignal
  #session: Session | null
  #stale: string | undefined
  #asked: string | undefined
  #read: ReadMark | null
  #unread = 0
  #syncing = false

  constructor(parts: ChatParts) {
    this.#parts = parts
    this.#session = parts.welcome.session
    this.#read = parts.welcome.read
    this.#line = new Connection({
      openSocket: parts.openSocket,
      handshake: () => this.#handshake(),
      onState: (state) => this.#connectionChanged(state),
      onReady: (ready) => this.#ready(ready),
      onSessionInvalid: () => this.#forgetSession(),
      onEvent: (event) => this.#heard(event),
    })
    this.#outbox = new Outbox({
      send: (entry) => this.#sendMessage(entry),
      put: (entry) => parts.host.putOutbox(entry),
      drop: (id) => parts.host.dropOutbox(id),
      onSent: (message) => this.#apply({ type: 'sent', message }),
      onFailed: ({ client_message_id }, code) =>
        this.#apply({ type: 'send-failed', client_message_id, code }),
    })
    this.#typing = new TypingSignal((typing) => void this.#line.request('typing:set', { typing }))
    for (const entry of parts.welcome.outbox) this.#enqueue(entry)
    // Before its first opening a chat connects only for those who may have something waiting.
    if (this.#session || parts.welcome.outbox.length > 0) this.#line.start()
    this.setOpen(parts.welcome.open)
  }

  setOpen(open: boolean): void {
    this.open = open
    if (!open) this.#typing.stop()
    else this.#line.start()
    this.#noteRead()
  }

  /** Sends what was typed. False when there is nothing to send, or too much. */
  send(typed: string): boolean {
    const text = sendable(typed)
    if (text === '' || isTooLong(text)) return false
    this.#typing.stop()
    this.#enqueue(newEntry(text))
    this.#parts.host.tell('message:sent', { text })
    this.#line.start()
    return true
  }

  /** Tries a failed message again. */
  retry({ client_message_id, text, created_at, failed }: OutboxEntry): void {
    this.discard(client_message_id)
    const id = failed === 'message_id_reused' ? crypto.randomUUID() : client_message_id
    this.#enqueue({ client_message_id: id, text, created_at })
  }

  discard(clientMessageId: string): void {
    this.#outbox.discard(clientMessageId)
    this.#apply({ type: 'discarded', client_message_id: clientMessageId })
  }

  typed(text: string): void {
    this.#typing.changed(text)
  }

  async stopReply(): Promise<void> {
    const turn = this.transcript.reply?.turn
    if (turn === undefined) return
    this.stopping = turn
    const answer = await this.#line.request('reply:stop', { turn })
    if (!answer.ok && this.stopping === turn) this.stopping = 0
  }

  /** Says yes or no to a call that waits for it. Without a connection the question stays. */
  async answerCall(callId: string, approved: boolean): Promise<void> {
    this.answering = [...this.answering, callId]
    const answer = await this.#line.request('tool:answer', { call_id: callId, approved })
    this.answering = this.answering.filter((one) => one !== callId)
    const isOver = answer.ok || !answer.error.retryable
    if (isOver) this.#apply({ type: 'confirm-over', call_id: callId })
  }

  async loadOlder(): Promise<void> {
    const { conversation, messages, older } = this.transcript
    const oldest = messages[0]
    if (!older || !conversation || !oldest || this.loadingOlder) return
    this.loadingOlder = true
    const answer = await this.#line.request('history:load', { before_seq: oldest.seq })
    if (answer.ok) this.#apply({ type: 'history', conversationId: conversation.id, page: answer.data })
    this.loadingOlder = false
  }

  async startConversation(): Promise<Result<unknown>> {
    const answer = await this.#line.request('conversation:start', {})
    if (answer.ok) this.#apply({ type: 'started', conversation: answer.data.conversation })
    return answer
  }

  async endConversation(): Promise<void> {
    const answer = await this.#line.request('conversation:end', {})
    if (answer.ok && answer.data.conversation) this.#apply({ type: 'ended' })
  }

  /** Somebody looks again: a pause between attempts ends. */
  hurry(): void {
    if (this.#line.isStarted) this.#line.start()
  }

  /** The network came back, or the page did: what looks connected may be dead. */
  wake(): void {
    if (this.#line.isStarted) this.#line.renew()
  }

  close(): void {
    this.#parts.host.close()
  }

  #enqueue(entry: OutboxEntry): void {
    this.#apply({ type: 'sending', entry })
    this.#outbox.add(entry)
  }

  /** What is said after the end begins a new conversation. */
  async #sendMessage({ client_message_id, text }: OutboxEntry): Promise<Result<{ message: Message }>> {
    if (this.transcript.conversation?.state === 'ended') {
      const started = await this.startConversation()
      if (!started.ok) return started
    }
    return this.#line.request('message:send', { client_message_id, text })
  }

  async #handshake(): Promise<WidgetHandshake> {
    const { host, clientKey, locale, welcome } = this.#parts
    this.#session ??= await host.claimSession(this.#stale)
    const cursor = cursorOf(this.transcript)
    this.#asked = cursor.conversation_id
    return {
      client_key: clientKey,
      protocol: PROTOCOL_VERSION,
      locale,
      page_url: welcome.page_url.slice(0, 2_048),
      ...this.#session,
      ...cursor,
    }
  }

  #ready(ready: SessionReady): void {
    const { session_id, session_token } = ready
    if (session_token !== undefined) {
      this.#session = { session_id, session_token }
      this.#parts.host.saveSession(this.#session)
    }
    this.#apply({ type: 'ready', ready, asked: this.#asked })
    this.#outbox.setConnected(true)
  }

  #connectionChanged(state: ConnectionState): void {
    this.connection = state
    this.#parts.host.tell('connection:changed', { state })
    if (state === 'online') return
    this.#outbox.setConnected(false)
    this.agentTyping = false
    // Whoever was to make the first session could not: let another tab try.
    if (state !== 'connecting') this.#parts.host.releaseSession()
  }

  #forgetSession(): void {
    this.#stale = this.#session?.session_id
    this.#session = null
    this.#apply({ type: 'forgotten' })
  }

  #heard(event: WidgetEvent): void {
    switch (event.name) {
      case 'message:created':
        this.#received(event.args[0].message, { type: 'created', ...event.args[0] })
        break
      case 'reply:end':
        this.#received(event.args[0].message, { type: 'reply-ended', ...event.args[0] })
        break
      case 'reply:delta': {
        const [turn, attempt, offset, text] = event.args
        this.#apply({ type: 'delta', turn, attempt, offset, text })
        break
      }
      case 'reply:start':
        this.#apply({ type: 'reply-started', start: event.args[0] })
        break
      case 'conversation:started':
        this.#apply({ type: 'started', ...event.args[0] })
        break
      case 'conversation:ended':
        this.#apply({ type: 'ended' })
        break
      case 'tool:start':
        this.#apply({ type: 'tool-started', tool: event.args[0] })
        break
      case 'tool:end':
        this.#apply({ type: 'tool-ended', end: event.args[0] })
        break
      case 'tool:confirm':
        this.#apply({ type: 'confirm-asked', question: event.args[0] })
        break
      case 'tool:confirmed':
        this.#apply({ type: 'confirm-over', call_id: event.args[0].call_id })
        break
      case 'typing:changed':
        if (event.args[0].author === 'agent') this.agentTyping = event.args[0].typing
        break
      case 'handoff:changed':
        this.#apply({ type: 'handoff-changed', handoff: event.args[0] })
        break
      case 'agent:joined':
        this.#handedTo(event.args[0].name)
        this.#apply({ type: 'agent-joined', epoch: event.args[0].epoch })
        break
      case 'agent:left':
        this.#handedTo(null)
        this.#apply({ type: 'agent-left', epoch: event.args[0].epoch })
        break
    }
  }

  #handedTo(agent: string | null): void {
    this.agentName = agent
    this.agentTyping = false
  }

  #received(message: Message, event: TranscriptEvent): void {
    const known = this.transcript.messages.some((row) => row.id === message.id)
    this.#apply(event)
    if (known || !isAnswer(message)) return
    this.agentTyping = false
    this.announced = message
    const { role, content } = message
    if (role === 'assistant' || role === 'agent')
      this.#parts.host.tell('message:received', { role, text: content })
  }

  #apply(event: TranscriptEvent): void {
    const before = this.transcript
    this.transcript = apply(before, event)
    if (this.transcript.messages !== before.messages) this.#noteRead()
    if (this.transcript.needsSync && !this.#syncing) void this.#sync()
  }

  /** Asks for what was missed until nothing is missing, or until the connection's own `session:ready` brings it. */
  async #sync(): Promise<void> {
    this.#syncing = true
    let told = true
    for (let page = 0; page < SYNC_PAGES && told && this.transcript.needsSync; page += 1) {
      const { last_seq = 0, ...cursor } = cursorOf(this.transcript)
      const answer = await this.#line.request('session:sync', { ...cursor, last_seq })
      if (answer.ok) this.transcript = apply(this.transcript, { type: 'synced', answer: answer.data })
      told = answer.ok
    }
    this.#syncing = false
    this.#noteRead()
  }

  #noteRead(): void {
    const { conversation, messages } = this.transcript
    const newest = messages.at(-1)?.seq ?? 0
    if (this.open && conversation && newest > 0) {
      const known = this.#read?.conversation_id === conversation.id && this.#read.seq >= newest
      this.#read = { conversation_id: conversation.id, seq: newest }
      if (!known) this.#parts.host.markRead(this.#read)
    }
    const count = this.open ? 0 : countUnread(conversation?.id, messages, this.#read)
    if (count === this.#unread) return
    this.#unread = count
    this.#parts.host.unread(count)
  }
}

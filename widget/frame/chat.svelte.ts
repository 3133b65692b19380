import type { Result } from '../../protocol/result.ts'
import type { Message } from '../../protocol/records.ts'
import type { ErrorCode } from '../../protocol/errors.ts'
import type { AttributeChanges } from '../../protocol/telling.ts'
import type { SessionReady } from '../../protocol/widget.ts'
import type { ConnectionState, OutboxEntry } from '../bridge.ts'
import type { Ask } from './ask.ts'
import { Attributes } from './attributes.ts'
import { Caller, type ChatParts } from './caller.ts'
import { Connection } from './connection.ts'
import { Contact } from './contact.svelte.ts'
import type { WrittenWords } from './download.ts'
import { LaterCards } from './later-cards.svelte.ts'
import type { WidgetEvent } from './line.ts'
import { isTooLong, newEntry, sendable } from './message-text.ts'
import { Notice } from './notice.svelte.ts'
import { Outbox } from './outbox.ts'
import { Person } from './person.svelte.ts'
import { Proof } from './proof.ts'
import { Rating } from './rating.svelte.ts'
import { Reading } from './reading.svelte.ts'
import { Sound } from './sound.svelte.ts'
import { apply, cursorOf, EMPTY_TRANSCRIPT, type Transcript, type TranscriptEvent } from './transcript.ts'
import { transcriptEventOf } from './transcript-events.ts'
import { TypingSignal } from '../../transcript/typing-signal.ts'
import { isAnswer } from './unread.ts'

/** Pages asked for in one go while catching up; what remains is asked for with the next event. */
const SYNC_PAGES = 50

/** One visitor's chat: what is shown, and everything that can be done. Components read it and call it. */
export class Chat {
  transcript = $state.raw<Transcript>(EMPTY_TRANSCRIPT)
  connection = $state<ConnectionState>('idle')
  open = $state(false)
  /** What stands in the field, not sent. */
  draft = $state('')
  loadingOlder = $state(false)
  /** The turn whose stop was asked. */
  stopping = $state(0)
  /** Calls to which an answer is on its way. */
  answering = $state.raw<readonly string[]>([])
  /** The last whole answer, for the live region: said once, at its end. */
  announced = $state.raw<Message | null>(null)

  readonly person: Person
  readonly contact: Contact
  readonly rating: Rating
  readonly reading: Reading
  readonly sound: Sound
  readonly notice = new Notice()
  readonly cards = new LaterCards()
  readonly #host: ChatParts['host']
  readonly #caller: Caller
  readonly #line: Connection
  readonly #outbox: Outbox
  readonly #typing: TypingSignal
  readonly #ask: Ask = (name, payload) => this.#line.request(name, payload)
  readonly #proof: Proof
  readonly #attributes: Attributes
  #syncing = false

  constructor(parts: ChatParts) {
    const { host, welcome } = parts
    this.#host = host
    this.#proof = new Proof({ host, ask: this.#ask })
    this.#attributes = new Attributes({ host, ask: this.#ask }, welcome.attributes)
    this.#caller = new Caller(parts, this.#proof)
    this.reading = new Reading(host, welcome.read)
    this.sound = new Sound(welcome.sound, (on) => host.keepSound(on))
    this.person = new Person({
      ask: this.#ask,
      onHandoff: (handoff) => this.#apply({ type: 'handoff-changed', handoff }),
      onFailed: (code) => this.notice.show(code === 'identity_required' ? 'unproved' : 'failed'),
    })
    this.contact = new Contact(this.#ask)
    this.rating = new Rating({ ask: this.#ask, onRated: (score) => this.#rated(score) })
    this.#line = new Connection({
      ...parts.lines,
      handshake: () => this.#caller.introduce(() => cursorOf(this.transcript)),
      onState: (state) => this.#connectionChanged(state),
      onSession: (session) => this.#caller.keep(session),
      onReady: (ready, asked) => this.#ready(ready, asked),
      onRefused: (code) => this.#refused(code),
      onEvent: (event) => this.#heard(event),
    })
    this.#outbox = new Outbox({
      send: (entry) => this.#sendMessage(entry),
      put: (entry) => host.putOutbox(entry),
      drop: (id) => host.dropOutbox(id),
      onSent: (message) => this.#apply({ type: 'sent', message }),
      onFailed: ({ client_message_id }, code) =>
        this.#apply({ type: 'send-failed', client_message_id, code }),
    })
    this.#typing = new TypingSignal((typing) => void this.#line.request('typing:set', { typing }))
    for (const entry of welcome.outbox) this.#enqueue(entry)
    // Before its first opening a chat connects only for those who may have something waiting.
    if (welcome.session || welcome.outbox.length > 0) this.#line.start()
    this.setOpen(welcome.open)
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
    this.reading.caughtUp()
    this.#enqueue(newEntry(text))
    this.#host.tell('message:sent', { text })
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

  /** The page has found out who the visitor is. */
  identify(token: string): void {
    this.#proof.found(token)
  }

  setAttributes(attributes: AttributeChanges): void {
    this.#attributes.change(attributes)
  }

  /** Another language: the server is told with the next handshake. */
  setLocale(locale: string): void {
    this.#caller.locale = locale
  }

  /** What all tabs of the page have under way. */
  adopt(outbox: readonly OutboxEntry[]): void {
    this.#outbox.watch(outbox, (entry) => this.#enqueue(entry))
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

  /** Hands all that was said in this conversation to the visitor as a file, also what is not shown yet. */
  async download(written: WrittenWords & { business: string }): Promise<void> {
    const { messages, older } = this.transcript
    const came = await import('./download.ts').catch(() => null)
    const isSaved = came && (await came.download({ ask: this.#ask, messages, older }, written))
    if (!isSaved) this.notice.show('failed')
  }

  /** Somebody looks again: a pause between attempts ends. */
  hurry(): void {
    this.#noteRead()
    if (this.#line.isStarted) this.#line.start()
  }

  /** The network came back, or the page did: what looks connected may be dead. */
  wake(): void {
    if (this.#line.isStarted) this.#line.renew()
  }

  /** The page is left, perhaps to be come back to. */
  rest(): void {
    this.#line.rest()
  }

  close(): void {
    this.#host.close()
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
    const send = () => this.#line.request('message:send', { client_message_id, text })
    const answer = await send()
    if (answer.ok || answer.error.code !== 'identity_required') return answer
    return (await this.#proof.demand()) ? send() : answer
  }

  #ready(ready: SessionReady, asked: string | undefined): void {
    this.person.ready(ready)
    this.contact.given = ready.contact_given
    this.#proof.ready()
    this.#apply({ type: 'ready', ready, asked })
    this.#reach()
    this.#outbox.setConnected(true)
  }

  #connectionChanged(state: ConnectionState): void {
    this.connection = state
    this.#host.tell('connection:changed', { state })
    if (state === 'online') return
    this.#outbox.setConnected(false)
    this.person.pause()
    // Whoever was to make the first session could not: let another tab try.
    if (state !== 'connecting') this.#host.releaseSession()
  }

  #refused(code: ErrorCode): void {
    if (this.connection === 'refused') {
      this.#host.tell('error', { code, message: 'The server lets nobody in from here.' })
    } else if (code === 'identity_invalid') {
      this.#proof.refuse()
    } else {
      this.#caller.forget()
      this.#apply({ type: 'forgotten' })
    }
  }

  #heard(event: WidgetEvent): void {
    this.person.heard(event)
    if (event.name === 'agent:joined') this.#host.tell('agent:joined', { name: event.args[0].name })
    if (event.name === 'agent:left') this.#host.tell('agent:left', {})
    if (event.name === 'limit:reached') this.notice.reached(event.args[0])
    const meaning = transcriptEventOf(event)
    if (meaning?.type === 'created' || meaning?.type === 'reply-ended') this.#received(meaning)
    else if (meaning) this.#apply(meaning)
  }

  #received(event: TranscriptEvent & { message: Message }): void {
    const { message } = event
    const known = this.transcript.messages.some((row) => row.id === message.id)
    this.#apply(event)
    // It arrived, whichever tab sent it, and whether or not the ack comes.
    if (message.client_message_id !== undefined) this.#outbox.discard(message.client_message_id)
    if (known || !isAnswer(message)) return
    this.person.pause()
    this.announced = message
    if (!this.#looking) this.sound.play()
    const { role, content } = message
    if (role === 'assistant' || role === 'agent') this.#host.tell('message:received', { role, text: content })
  }

  #apply(event: TranscriptEvent): void {
    const before = this.transcript
    this.transcript = apply(before, event)
    if (this.transcript.messages !== before.messages) this.#noteRead()
    if (event.type === 'handoff-changed') this.#tellHandoff(before)
    this.#noteChange(before)
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

  #tellHandoff({ handoff: { state: before } }: Transcript): void {
    const { state } = this.transcript.handoff
    if (state === 'requested' && state !== before) this.#host.tell('handoff:requested', {})
  }

  #rated(score: number): void {
    this.#apply({ type: 'rated', score })
    this.#host.tell('rating:submitted', { score })
  }

  /** What the page around should know of a change, and the server of another conversation. */
  #noteChange({ confirming, conversation }: Transcript): void {
    const now = this.transcript
    if (confirming.length !== now.confirming.length) this.#host.asking(now.confirming.length > 0)
    if (conversation?.id === now.conversation?.id) return
    this.rating.wanted = this.contact.thanked = false
    this.#reach()
  }

  #reach(): void {
    const place = `${this.#caller.sessionId ?? ''} ${this.transcript.conversation?.id ?? ''}`
    if (this.connection === 'online') this.#attributes.reach(place)
  }

  /** Whether what comes is seen as it comes. */
  get #looking(): boolean {
    return this.open && document.visibilityState === 'visible'
  }

  #noteRead(): void {
    this.reading.note(this.#looking, this.transcript.conversation?.id, this.transcript.messages)
  }
}

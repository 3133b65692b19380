import assert from 'node:assert/strict'
import fc from 'fast-check'
import type { Conversation, Message, RunningReply } from '../../protocol/records.ts'
import { Entries, isShown } from '../../widget/frame/entries.ts'
import {
  apply,
  cursorOf,
  EMPTY_TRANSCRIPT,
  type Transcript,
  type TranscriptEvent,
} from '../../widget/frame/transcript.ts'
import { answer, conversation, idOf, outboxEntry, timeOf, visitorMessage } from './cast.ts'

/** Rows the small server below tells at once. */
const PAGE = 4

type Step =
  | { do: 'send' | 'begin' | 'restart' | 'lose' | 'cut' | 'connect' | 'sync' | 'older' | 'replace' }
  | { do: 'write'; text: string }
  | { do: 'finish'; status: 'complete' | 'stopped' | 'failed'; keep: boolean }

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: fc.constant<Step>({ do: 'send' }) },
  { weight: 3, arbitrary: fc.constant<Step>({ do: 'begin' }) },
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant('write' as const), text: fc.string({ minLength: 1 }) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('finish' as const),
      status: fc.constantFrom('complete' as const, 'stopped' as const, 'failed' as const),
      keep: fc.boolean(),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constantFrom('restart', 'lose', 'cut', 'connect', 'sync', 'older') }),
  },
  { weight: 1, arbitrary: fc.constant<Step>({ do: 'replace' }) },
)

describe('a transcript of an unreliable line', () => {
  it('never shows anything twice or out of place, and ends equal to the truth', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const run = new Run()
        for (const each of steps) {
          run.take(each)
          run.checkView()
        }
        run.settle()
        run.checkTruth()
      }),
      { seed: 2026, numRuns: 1_500 },
    )
  })
})

/** A server that is always right, a line that loses things, and a client's copy. */
class Run {
  #rows: Message[] = []
  #conversation: Conversation | null = null
  #conversations = 0
  #reply: RunningReply | null = null
  #turns = 0
  #sent = 0
  #connected = false
  #loseNext = false
  held: Transcript = EMPTY_TRANSCRIPT

  take(each: Step): void {
    if (each.do === 'write') this.#write(each.text)
    else if (each.do === 'finish') this.#finish(each.status, each.keep)
    else this.#simple[each.do]()
  }

  readonly #simple: Record<Exclude<Step['do'], 'write' | 'finish'>, () => void> = {
    send: () => this.#send(),
    begin: () => this.#begin(),
    restart: () => this.#restart(),
    replace: () => this.#replace(),
    lose: () => (this.#loseNext = true),
    cut: () => (this.#connected = false),
    connect: () => this.#connect(),
    sync: () => this.#sync(),
    older: () => this.#older(),
  }

  /** What holds at every moment, whatever was lost. */
  checkView(): void {
    const entries = new Entries(String).arrange(this.held.messages, this.held.pending, this.held.reply)
    assert.equal(new Set(entries.map((entry) => entry.key)).size, entries.length, 'shown twice')
    const places = entries.flatMap((entry) =>
      entry.kind === 'message' ? [entry.message.answers_to ?? entry.message.seq] : [],
    )
    assert.deepEqual(
      places,
      [...places].sort((a, b) => a - b),
      'out of place',
    )
    const mine = this.held.reply
    const same = mine && mine.turn === this.#reply?.turn && mine.attempt === this.#reply.attempt
    if (same && this.held.conversation?.id === this.#conversation?.id)
      assert.ok(this.#reply?.text.startsWith(mine.text), 'not a prefix')
  }

  /** Whatever happened, one good connection brings everything. */
  settle(): void {
    this.#loseNext = false
    this.#connect()
    for (let page = 0; this.held.needsSync; page += 1) {
      assert.ok(page < 100, 'asks for ever')
      this.#sync()
    }
    while (this.held.older) this.#older()
  }

  checkTruth(): void {
    assert.deepEqual(this.held.messages.filter(isShown), this.#rows.filter(isShown))
    assert.equal(this.held.reply?.text, this.#reply?.text)
    assert.equal(this.held.reply?.attempt, this.#reply?.attempt)
    assert.deepEqual(this.held.pending, [])
  }

  #send(): void {
    if (!this.#connected) return
    const id = `m${(this.#sent += 1)}`
    this.held = apply(this.held, { type: 'sending', entry: outboxEntry(id) })
    if (!this.#conversation) this.#open()
    const message = this.#commit(visitorMessage(this.#rows.length + 1, id, { client_message_id: id }))
    this.#tell({ type: 'created', message })
    // An ack is repeated until it arrives: it cannot be lost, only late.
    this.held = apply(this.held, { type: 'sent', message })
  }

  #begin(): void {
    const last = this.#rows.findLast((row) => row.role === 'user')
    if (this.#reply || !last || this.#rows.some((row) => (row.answers_to ?? 0) >= last.seq)) return
    this.#reply = {
      turn: (this.#turns += 1),
      attempt: 1,
      epoch: 0,
      answers_to: last.seq,
      offset: 0,
      text: '',
    }
    this.#tellStart()
  }

  #write(text: string): void {
    if (!this.#reply) return
    const { turn, attempt, text: before } = this.#reply
    this.#reply.text += text
    this.#tell({ type: 'delta', turn, attempt, offset: before.length, text })
  }

  #restart(): void {
    if (!this.#reply) return
    this.#reply = { ...this.#reply, attempt: this.#reply.attempt + 1, text: '' }
    this.#tellStart()
  }

  #finish(status: 'complete' | 'stopped' | 'failed', keep: boolean): void {
    if (!this.#reply) return
    const { turn, answers_to, text } = this.#reply
    const message = this.#commit(
      answer(this.#rows.length + 1, answers_to, turn, keep ? text : '', { status }),
    )
    this.#reply = null
    this.#tell({ type: 'reply-ended', turn, message })
  }

  #replace(): void {
    if (this.#conversation) this.#open()
  }

  #open(): void {
    this.#conversations += 1
    this.#conversation = conversation(this.#conversations)
    this.#rows = []
    this.#reply = null
    this.#turns = 0
    this.#tell({ type: 'started', conversation: this.#conversation })
  }

  #commit(message: Message): Message {
    const id = idOf(this.#conversations * 10_000 + message.seq)
    const row = { ...message, id, created_at: timeOf(this.#conversations, message.seq) }
    this.#rows.push(row)
    return row
  }

  #connect(): void {
    this.#connected = true
    const cursor = cursorOf(this.held)
    this.held = apply(this.held, {
      type: 'ready',
      ready: {
        session_id: idOf(999),
        conversation: this.#conversation,
        ...this.#since(cursor),
        tools_running: [],
        confirming: [],
        team: { available: true },
        contact_given: false,
      },
      asked: cursor.conversation_id,
    })
  }

  #sync(): void {
    if (!this.#connected) return
    const answered = this.#since({ last_seq: 0, ...cursorOf(this.held) })
    this.held = apply(this.held, {
      type: 'synced',
      answer: { conversation: this.#conversation, ...answered, confirming: [] },
    })
  }

  #older(): void {
    const oldest = this.held.messages[0]
    if (!this.#connected || !oldest || this.held.conversation?.id !== this.#conversation?.id) return
    const before = this.#rows.filter((row) => row.seq < oldest.seq)
    const page = { messages: before.slice(-PAGE), has_more: before.length > PAGE }
    this.held = apply(this.held, { type: 'history', conversationId: this.#conversation?.id ?? '', page })
  }

  /** What a handshake or a sync is answered with. */
  #since(cursor: ReturnType<typeof cursorOf>): {
    messages: Message[]
    has_more: boolean
    reply?: RunningReply
  } {
    const resumed = cursor.conversation_id === this.#conversation?.id && cursor.last_seq !== undefined
    const later = this.#rows.filter((row) => row.seq > (resumed ? (cursor.last_seq ?? 0) : 0))
    const messages = resumed ? later.slice(0, PAGE) : later.slice(-PAGE)
    const told = { messages, has_more: later.length > PAGE }
    if (!this.#reply) return told
    const { turn, attempt, text } = this.#reply
    const fits = resumed && cursor.reply?.turn === turn && cursor.reply.attempt === attempt
    const offset = fits ? (cursor.reply?.offset ?? 0) : 0
    return { ...told, reply: { ...this.#reply, offset, text: text.slice(offset) } }
  }

  #tellStart(): void {
    if (!this.#reply) return
    const { turn, attempt, epoch, answers_to } = this.#reply
    this.#tell({ type: 'reply-started', start: { turn, attempt, epoch, answers_to } })
  }

  #tell(event: TranscriptEvent): void {
    const lost = this.#loseNext
    this.#loseNext = false
    if (this.#connected && !lost) this.held = apply(this.held, event)
  }
}

import { randomUUID } from 'node:crypto'
import type { Message } from '../../../protocol/records.ts'
import type { KeptMessage, KeptTurn } from '../../heart/check/kept.ts'
import { answerTo, planAnswer } from '../answers.ts'
import type { Deed, Op } from '../history.ts'
import type { Truth } from '../truth.ts'

/** A history and what is kept of it, to be spoilt. */
export interface Story {
  history: Op[]
  truth: Truth
}

const BEGAN = Date.UTC(2026, 0, 1)
const NONE = { tokens_input: 0, tokens_output: 0, tokens_cached: 0 }

/** The first question whose answer calls a function, or calls none. */
function question(name: string, callsTool: boolean): { id: string; text: string } {
  for (let number = 1; ; number++) {
    const id = `${name}.${number}`
    const text = `canary [${id}] hello?`
    if ((planAnswer(text).before !== null) === callsTool) return { id, text }
  }
}

/**
 * A visitor with two tabs: a question whose answer calls a function, a second one that is interrupted by an agent, who
 * speaks and hands back, and a third that the visitor stops. Everything is as it must be.
 */
export function goodStory(): Story {
  const teller = new Teller()
  teller.begin()
  const first = question('v1', true)
  teller.ask(first)
  teller.reply({ turn: 1, epoch: 0, answersTo: 1, text: answerTo(first.text), status: 'complete' })
  const second = question('v1.second', false)
  teller.ask(second)
  const begun = answerTo(second.text).slice(0, 20)
  teller.takeOver()
  teller.reply({ turn: 2, epoch: 0, answersTo: 3, text: begun, status: 'interrupted' })
  teller.speakAsAgent()
  const third = question('v1.third', false)
  teller.ask(third)
  teller.reply({
    turn: 3,
    epoch: 2,
    answersTo: 6,
    text: answerTo(third.text).slice(0, 15),
    status: 'stopped',
  })
  return teller.story()
}

class Teller {
  readonly #ids = {
    conversation: randomUUID(),
    session: randomUUID(),
    client: randomUUID(),
    agent: randomUUID(),
  }
  readonly #history: Op[] = []
  readonly #messages: KeptMessage[] = []
  readonly #turns: KeptTurn[] = []
  readonly #changes: Truth['changes'] = []
  readonly #receipts: Truth['receipts'] = []
  readonly #nonce = randomUUID()
  #at = BEGAN

  begin(): void {
    this.#note('v1', { op: 'is', session: this.#ids.session })
    for (const tab of ['v1/1', 'v1/2']) {
      this.#note('v1', { op: 'connects', tab })
      const ready = {
        session_id: this.#ids.session,
        messages: [],
        has_more: false,
        tools_running: [],
        confirming: [],
        team: { available: true },
        contact_given: false,
      }
      this.#note('v1', {
        ...{ op: 'told', tab, event: 'session:ready' },
        args: [{ ...ready, conversation: this.#conversation('ai') }],
      })
    }
  }

  ask({ id, text }: { id: string; text: string }): void {
    this.#note('v1', { op: 'sends', id, text })
    const message = this.#keep({ role: 'user', content: text, client_message_id: id })
    this.#note('v1', { op: 'acked', id, message, tab: 'v1/1' })
  }

  reply(end: {
    turn: number
    epoch: number
    answersTo: number
    text: string
    status: 'complete' | 'interrupted' | 'stopped'
  }): void {
    const { turn, epoch, answersTo, text, status } = end
    const after_seq = Math.max(
      0,
      ...this.#turns.map((one) => (one.state === 'interrupted' ? 0 : (one.answers_to ?? 0))),
    )
    const said = Math.floor(text.length / 2)
    for (const tab of ['v1/1', 'v1/2']) {
      this.#note('v1', {
        op: 'told',
        tab,
        event: 'reply:start',
        args: [{ turn, attempt: 1, epoch, answers_to: answersTo }],
      })
      this.#note('v1', { op: 'told', tab, event: 'reply:delta', args: [turn, 1, 0, text.slice(0, said)] })
      this.#note('v1', { op: 'told', tab, event: 'reply:delta', args: [turn, 1, said, text.slice(said)] })
    }
    if (status === 'stopped') this.#note('v1', { op: 'stopped', conversation: this.#ids.conversation, turn })
    const message = this.#keep({ role: 'assistant', content: text, turn, answers_to: answersTo, status })
    this.#turns.push({
      ...{
        conversation_id: this.#ids.conversation,
        number: turn,
        attempt: 1,
        state: status,
        node: null,
        epoch,
      },
      ...{
        after_seq: status === 'stopped' ? Math.max(after_seq, this.#agentSeq) : after_seq,
        answers_to: answersTo,
      },
      ...{
        message_seq: message.seq,
        ...NONE,
        cost: '0',
        spent: [],
        error: null,
        ended_at: new Date(this.#at),
      },
    })
    for (const tab of ['v1/1', 'v1/2'])
      this.#note('v1', { op: 'told', tab, event: 'reply:end', args: [{ turn, message }] })
    if (status === 'complete')
      this.#note('v1', {
        op: 'answered',
        id: this.#history.find((op) => op.op === 'sends')?.id ?? '',
        message,
      })
  }

  takeOver(): void {
    this.#change('conversation.taken_over', 1)
  }

  /** The agent has joined, says one thing, and hands back. */
  speakAsAgent(): void {
    const { conversation, agent } = this.#ids
    this.#note('agent1', { op: 'took over', conversation, epoch: 1 })
    for (const tab of ['v1/1', 'v1/2'])
      this.#note('v1', { op: 'told', tab, event: 'agent:joined', args: [{ epoch: 1, name: agent }] })
    const text = 'canary [agent1.1] a person speaks.'
    this.#note('agent1', { op: 'sends', id: 'agent1.1', text })
    const message = this.#keep({
      role: 'agent',
      content: text,
      client_message_id: 'agent1.1',
      author: { name: agent },
    })
    this.#note('agent1', { op: 'acked', id: 'agent1.1', message })
    for (const tab of ['v1/1', 'v1/2']) {
      this.#note('v1', { op: 'told', tab, event: 'message:created', args: [{ message }] })
      this.#note('v1', { op: 'told', tab, event: 'agent:left', args: [{ epoch: 2 }] })
    }
    this.#change('conversation.handed_back', 2)
    this.#note('agent1', { op: 'handed back', conversation, epoch: 2 })
  }

  story(): Story {
    const { conversation, session, client } = this.#ids
    const messages = this.#messages
    const last = (role: string) => messages.findLast((one) => one.role === role)?.seq ?? 0
    const usage = { client_id: client, tokens_input: '0', tokens_output: '0' }
    const truth: Truth = {
      conversations: [
        {
          ...{
            id: conversation,
            client_id: client,
            session_id: session,
            state: 'ai',
            handoff: 'none',
            epoch: 2,
          },
          ...{
            agent_id: null,
            last_seq: messages.length,
            last_at: messages.at(-1)?.timestamp ?? new Date(0),
          },
          ...{ visitor_seq: last('user'), agent_seq: last('agent'), answered_seq: last('user') },
          ...{ turn: this.#turns.length + 1, turn_open: false, message_count: messages.length },
          ...{ tokens_total: '0', cost_total: '0', summary: null, summary_seq: 0 },
        },
      ],
      ...{ messages, turns: this.#turns, changes: this.#changes, receipts: this.#receipts },
      steps: [
        {
          ...{ conversation_id: conversation, turn: 1, step: 0, attempt: 1, created_at: new Date(BEGAN) },
          body: { text: '', calls: [{ id: 'c1', name: 'note_down', arguments: { nonce: this.#nonce } }] },
        },
      ],
      nodes: [],
      usage: [{ ...usage, conversation_count: '1', message_count: String(this.#turns.length) }],
      modelUsage: [],
      brokenConstraints: [],
      effects: [{ nonce: this.#nonce, key: '0.0' }],
    }
    return { history: this.#history, truth }
  }

  get #agentSeq(): number {
    return this.#messages.findLast((one) => one.role === 'agent')?.seq ?? 0
  }

  #note(who: string, deed: Deed): void {
    this.#history.push({ at: ++this.#at, who, ...deed })
  }

  #keep(given: Partial<KeptMessage> & Pick<Message, 'role' | 'content'>): Message {
    const nothing = { client_message_id: null, author: null, turn: null, answers_to: null, status: null }
    const seq = this.#messages.length + 1
    const row: KeptMessage = {
      ...{ id: randomUUID(), conversation_id: this.#ids.conversation, seq, timestamp: new Date(++this.#at) },
      ...{ ...nothing, ...given },
    }
    this.#messages.push(row)
    if (row.client_message_id !== null) this.#receive(row)
    const { role } = given
    const { id, content, client_message_id, turn, answers_to, status } = row
    const message: Message = {
      ...{ id, seq, role, content, created_at: row.timestamp.toISOString() },
      ...(client_message_id !== null && { client_message_id }),
      ...(turn !== null && { turn }),
      ...(answers_to !== null && { answers_to }),
      ...(status !== null && { status }),
    }
    if (role === 'user')
      for (const tab of ['v1/1', 'v1/2'])
        this.#note('v1', { op: 'told', tab, event: 'message:created', args: [{ message }] })
    return message
  }

  #receive({ role, client_message_id, seq, id }: KeptMessage): void {
    const { session, conversation, agent } = this.#ids
    const key = role === 'agent' ? `agent/${agent}/${String(client_message_id)}` : String(client_message_id)
    this.#receipts.push({
      ...{ session_id: session, client_message_id: key, conversation_id: conversation, seq, message_id: id },
    })
  }

  #change(action: string, epoch: number): void {
    const { conversation, agent } = this.#ids
    this.#changes.push({
      ...{ conversation_id: conversation, action, actor_id: agent, epoch },
      ...{ last_seq: this.#messages.length, at: new Date(++this.#at) },
    })
  }

  #conversation(state: 'ai') {
    const { conversation, session } = this.#ids
    const time = new Date(BEGAN).toISOString()
    return {
      ...{
        id: conversation,
        session_id: session,
        channel: 'widget',
        state,
        handoff: 'none' as const,
        epoch: 0,
      },
      ...{ locale: null, started_at: time, last_message_at: time, message_count: 0 },
    }
  }
}

import { readTags } from '../seeded-provider.ts'
import { groupBy } from './groups.ts'
import type { Kept, KeptChange, KeptConversation, KeptMessage, KeptTurn } from './kept.ts'

/**
 * Tells each conversation's story again, message by message and change by change, by the rules of docs/turns.md alone,
 * and compares: which turn was open when, what each answered, what is owed at the end.
 */
export function* answersAreExact(kept: Kept): Iterable<string> {
  const messages = groupBy(kept.messages, (message) => message.conversation_id)
  const turns = groupBy(kept.turns, (turn) => turn.conversation_id)
  const changes = groupBy(kept.changes, (change) => change.conversation_id)
  for (const conversation of kept.conversations) {
    const story = new Story(
      conversation,
      turns.get(conversation.id) ?? [],
      messages.get(conversation.id) ?? [],
    )
    story.tell(changes.get(conversation.id) ?? [])
    story.compare(conversation)
    for (const breach of story.breaches) yield `${conversation.id}: ${breach}`
  }
}

/** A late result is owed an answer as a visitor's message is. */
function isToAnswer({ role }: KeptMessage): boolean {
  return role === 'user' || role === 'tool'
}

class Story {
  readonly breaches: string[] = []
  readonly #turns: Map<number, KeptTurn>
  readonly #messages: KeptMessage[]
  /** Up to here, what was said may have been read in the summary alone. */
  readonly #summedUp: number
  #state: KeptConversation['state'] = 'ai'
  #agent: string | null = null
  #epoch = 0
  #visitor = 0
  #agents = 0
  #answered = 0
  #number = 1
  #open: { epoch: number; after: number } | null = null

  constructor({ summary_seq }: KeptConversation, turns: KeptTurn[], messages: KeptMessage[]) {
    this.#summedUp = summary_seq
    this.#turns = new Map(turns.map((turn) => [turn.number, turn]))
    this.#messages = messages
  }

  tell(changes: KeptChange[]): void {
    let told = 0
    for (const message of this.#messages) {
      for (let change = changes[told]; change && change.last_seq < message.seq; change = changes[++told])
        this.#changeHands(change)
      if (isToAnswer(message)) this.#hearVisitor(message)
      else if (message.role === 'agent') this.#hearAgent(message)
      else if (message.role === 'assistant') this.#endTurn(message)
    }
    for (const change of changes.slice(told)) this.#changeHands(change)
  }

  compare(row: KeptConversation): void {
    if (this.#open) this.#breach(`turn ${this.#number} is owed`)
    const pairs: [string, unknown, unknown][] = [
      ['state', row.state, this.#state],
      ['agent', row.agent_id, this.#agent],
      ['epoch', row.epoch, this.#epoch],
      ['answered_seq', row.answered_seq, this.#answered],
      ['turn', row.turn, this.#number],
    ]
    for (const [name, kept, told] of pairs)
      if (kept !== told) this.#breach(`${name} is ${String(kept)}, and ought to be ${String(told)}`)
  }

  #hearVisitor(message: KeptMessage): void {
    this.#visitor = message.seq
    if (this.#state === 'ended') this.#breach(`message ${message.seq} came after the end`)
    this.#openWhatIsOwed()
  }

  #hearAgent(message: KeptMessage): void {
    this.#agents = message.seq
    if (this.#state !== 'agent' || message.author?.name !== this.#agent)
      this.#breach(`${String(message.author?.name)} spoke at ${message.seq}, and had not taken over`)
  }

  #changeHands(change: KeptChange): void {
    this.#epoch++
    if (change.epoch !== this.#epoch)
      this.#breach(`change ${change.epoch} stands where ${this.#epoch} belongs`)
    if (this.#state === 'ended') this.#breach(`it changed hands after its end`)
    if (change.action === 'conversation.handed_back') {
      if (change.actor_id !== this.#agent) this.#breach(`handed back by who had not taken over`)
      this.#state = 'ai'
      this.#answered = Math.max(this.#answered, this.#agents)
    } else {
      this.#state = change.action === 'conversation.ended' ? 'ended' : 'agent'
    }
    this.#agent = this.#state === 'agent' ? change.actor_id : null
    this.#openWhatIsOwed()
  }

  #endTurn(message: KeptMessage): void {
    const turn = this.#turns.get(this.#number)
    const name = `turn ${this.#number}`
    if (!this.#open || !turn || message.turn !== this.#number) {
      this.#breach(`an answer stands at ${message.seq}, where none is owed`)
      return
    }
    if (turn.epoch !== this.#open.epoch || turn.after_seq !== this.#open.after)
      this.#breach(`${name} was opened otherwise than it ought to have been`)
    const to = message.answers_to ?? 0
    const asked = this.#messages[to - 1]
    if (to >= message.seq || !asked || !isToAnswer(asked))
      this.#breach(`${name} answers ${to}, which no visitor had written, and no tool brought`)
    const interrupted = turn.epoch < this.#epoch
    if (
      interrupted
        ? message.status !== 'interrupted' && message.status !== 'stopped'
        : message.status === 'interrupted'
    )
      this.#breach(`${name} is ${String(message.status)} in epoch ${this.#epoch}, and of epoch ${turn.epoch}`)
    // Where an agent had it meanwhile, what a stopped turn was about may be answered already.
    if (!interrupted && to <= this.#answered) this.#breach(`${name} answers ${to}, which was answered before`)
    if (message.status !== 'interrupted') this.#answered = Math.max(this.#answered, to)
    if (message.status === 'complete') this.#compareReading(message, to)
    this.#number++
    this.#open = null
    this.#openWhatIsOwed()
  }

  /** The seeded model writes into its answer what it had read. */
  #compareReading(message: KeptMessage, to: number): void {
    const written = this.#messages.slice(0, to).filter((row) => row.role === 'user')
    const newest = written.at(-1)
    const lasts = newest ? [newest.content.split(' ')[0]] : ['nothing']
    // Where a tool's late result alone is to be answered, all that the visitor wrote may be summed up.
    if (newest && newest.seq <= this.#summedUp) lasts.push('nothing')
    const count = written.length
    const tags = readTags(message.content)
    if (tags.some((tag) => !lasts.includes(tag.last) || tag.count !== count))
      this.#breach(`the answer at ${message.seq} had not read what it answers`)
  }

  #openWhatIsOwed(): void {
    if (this.#open || this.#state !== 'ai' || this.#visitor <= this.#answered) return
    this.#open = { epoch: this.#epoch, after: this.#answered }
  }

  #breach(what: string): void {
    this.breaches.push(what)
  }
}

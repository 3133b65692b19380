import { opsOf, type History, type Op } from './history.ts'
import type { FaultKind } from './plan.ts'

/** Somebody waited for something, by Date.now(); `to` is Infinity where it never came. */
export interface Wait {
  who: string
  for: 'a connection' | 'an ack' | 'words'
  from: number
  to: number
}

/** How long visitors waited because of faults of one kind, in milliseconds. */
export interface WaitSummary {
  faults: number
  /** Visitors that waited for something, over all of these faults. */
  visitors: number
  p50: number
  p99: number
  longest: number
}

/** How long after a fault a wait is still its doing, in milliseconds. */
const AFTERMATH = 10_000

/**
 * Every time between a visitor's need of something and its coming: a connection, the ack of a message, the next word of
 * an answer. While a person has the conversation nobody waits for words.
 */
export function waitsOf(history: History): Wait[] {
  const waits: Wait[] = []
  const visitors = new Map<string, Waiting>()
  const names = new Set(opsOf(history, 'is').map(({ who }) => who))
  for (const op of history) {
    if (!names.has(op.who)) continue
    let visitor = visitors.get(op.who)
    if (!visitor) visitors.set(op.who, (visitor = new Waiting(op.who, waits)))
    visitor.take(op)
  }
  for (const visitor of visitors.values()) visitor.stop()
  return waits
}

/** The longest wait of each visitor from each fault of a kind until a while after it is over, counted from its beginning. */
export function waitsThrough(history: History, kind: FaultKind): WaitSummary {
  const waits = waitsOf(history)
  const longest: number[] = []
  let faults = 0
  for (const fault of opsOf(history, 'suffers')) {
    if (fault.fault !== kind) continue
    faults++
    const over = opsOf(history, 'is over').find((op) => op.fault === kind && op.at >= fault.at)
    const until = (over?.at ?? fault.at) + AFTERMATH
    const byVisitor = new Map<string, number>()
    for (const { who, from, to } of waits) {
      if (to < fault.at || from > until) continue
      const waited = to - Math.max(from, fault.at)
      byVisitor.set(who, Math.max(byVisitor.get(who) ?? 0, waited))
    }
    longest.push(...byVisitor.values())
  }
  longest.sort((a, b) => a - b)
  const at = (share: number) => longest[Math.min(longest.length - 1, Math.floor(longest.length * share))] ?? 0
  return { faults, visitors: longest.length, p50: at(0.5), p99: at(0.99), longest: at(1) }
}

/** How long a visitor may wait at most because of a fault, in milliseconds, on a machine with room. */
export const WAIT_LIMITS: Readonly<Partial<Record<FaultKind, number>>> = {
  kill: 10_000,
  'rolling restart': 5_000,
  drain: 5_000,
}

/** Waits that were longer than they may be; apart from all else, since a machine that is busy makes everybody wait. */
export function* waitsAreShort(history: History): Iterable<string> {
  for (const [kind, most] of Object.entries(WAIT_LIMITS) as [FaultKind, number][]) {
    const { longest, faults } = waitsThrough(history, kind)
    if (faults > 0 && longest > most) yield `${kind}: somebody waited ${longest} ms, and ${most} are allowed`
  }
}

/** What one visitor waits for now. */
class Waiting {
  readonly #who: string
  readonly #waits: Wait[]
  readonly #unacked = new Map<string, number>()
  readonly #tabsLost = new Map<string, number>()
  #asked = 0
  #answered = 0
  #words: number | null = null
  #withAgent = false

  constructor(who: string, waits: Wait[]) {
    this.#who = who
    this.#waits = waits
  }

  take(op: Op): void {
    if (op.op === 'lost') this.#tabsLost.set(op.tab, this.#tabsLost.get(op.tab) ?? op.at)
    else if (op.op === 'sends') this.#unacked.set(op.id, this.#unacked.get(op.id) ?? op.at)
    else if (op.op === 'acked') {
      this.#came('an ack', this.#unacked.get(op.id), op.at)
      this.#unacked.set(op.id, Infinity)
      this.#ask(op.message.seq, op.at)
    } else if (op.op === 'told') this.#hear(op)
  }

  /** The history is over: what is still waited for never came. */
  stop(): void {
    for (const from of this.#unacked.values())
      if (from !== Infinity) this.#waits.push({ who: this.#who, for: 'an ack', from, to: Infinity })
    if (this.#words !== null)
      this.#waits.push({ who: this.#who, for: 'words', from: this.#words, to: Infinity })
  }

  #hear(op: Extract<Op, { op: 'told' }>): void {
    switch (op.event) {
      case 'session:ready':
        this.#came('a connection', this.#tabsLost.get(op.tab), op.at)
        this.#tabsLost.delete(op.tab)
        this.#hand(op.args[0].conversation?.state === 'agent', op.at)
        for (const { answers_to } of op.args[0].messages) this.#answer(answers_to ?? 0, op.at)
        return
      case 'agent:joined':
      case 'agent:left':
        this.#hand(op.event === 'agent:joined', op.at)
        return
      case 'reply:delta':
        this.#hearWords(op.at)
        return
      case 'reply:end':
        this.#answer(op.args[0].message.answers_to ?? 0, op.at)
        return
      case 'message:created':
        if (op.args[0].message.role === 'agent') this.#answer(op.args[0].message.seq, op.at)
    }
  }

  #ask(seq: number, at: number): void {
    this.#asked = Math.max(this.#asked, seq)
    if (!this.#withAgent && this.#asked > this.#answered) this.#words ??= at
  }

  #hearWords(at: number): void {
    if (this.#words === null) return
    this.#came('words', this.#words, at)
    this.#words = this.#asked > this.#answered ? at : null
  }

  #answer(seq: number, at: number): void {
    this.#answered = Math.max(this.#answered, seq)
    this.#hearWords(at)
  }

  #hand(withAgent: boolean, at: number): void {
    this.#withAgent = withAgent
    if (withAgent) this.#words = null
    else this.#ask(0, at)
  }

  #came(what: Wait['for'], from: number | undefined, to: number): void {
    if (from !== undefined && from !== Infinity) this.#waits.push({ who: this.#who, for: what, from, to })
  }
}

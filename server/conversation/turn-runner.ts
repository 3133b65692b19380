import { setTimeout as delay } from 'node:timers/promises'
import type { Message } from '../../protocol/records.ts'
import type { TurnFailure } from '../../protocol/widget.ts'
import { DatabaseUnavailable } from '../infra/database.ts'
import type { Locks } from '../infra/locks.ts'
import { answerTurn, type AnsweringContext } from './answer-turn.ts'
import { adoptTurns, claimTurn, type ClaimedTurn } from './claim.ts'
import { markAsWorkedOn } from './conversation-lock.ts'
import { endTurn, type EndedTurn, type TurnOutcome } from './end-turn.ts'
import { estimateTokens } from '../llm/tokens.ts'
import { leaveTurn } from './leave-turn.ts'
import type { LeftTurns } from './left-turns.ts'
import { findLostEnd } from './find-lost-end.ts'
import type { OwnedTurn } from './lease-statements.ts'
import { LiveReply } from './live-reply.ts'
import type { AskedByNodes, BrokenOff, OtherNodes } from './other-nodes.ts'
import type { Address, Publisher } from './publisher.ts'
import { RunningTurn } from './running-turn.ts'
import type { Summaries } from './summaries.ts'
import { isFull } from './transcript.ts'
import type { OnTurnEnded } from './turn-ended.ts'

export interface RunnerContext extends AnsweringContext {
  publisher: Publisher
  others: OtherNodes
  summaries: Summaries
  locks: Locks
  leftTurns: LeftTurns
  /** Hears of every turn that ended here. */
  turnEnded?: OnTurnEnded
}

/** The turns that this process runs, by conversation: begins them, breaks them off, ends them, goes on to the next. */
export class TurnRunner {
  readonly #context: RunnerContext
  readonly #running = new Map<string, RunningTurn>()
  /** Those that do nothing but wait for their visitors' yes. */
  readonly #awaiting = new Set<RunningTurn>()
  readonly #work = new Set<Promise<void>>()
  /** Aborts when nobody is told anything any more. */
  readonly #leaving = new AbortController()
  /** Turns that the last renewal found owned by this node but not run by it. */
  #orphans = new Set<string>()
  #isDraining = false

  constructor(context: RunnerContext) {
    this.#context = context
  }

  /** How many turns run here. */
  get size(): number {
    return this.#running.size
  }

  /** How many of them have anything to do. */
  get atWork(): number {
    return this.#running.size - this.#awaiting.size
  }

  /** The reply of a conversation, while it runs here. */
  reply(conversationId: string): LiveReply | undefined {
    return this.#running.get(conversationId)?.reply
  }

  /** The turn of a conversation that runs here, where it is of an older epoch than this one. */
  runningBefore(conversationId: string, epoch: number): RunningTurn | undefined {
    const running = this.#running.get(conversationId)
    return running && running.claimed.epoch < epoch ? running : undefined
  }

  /** Runs a claimed turn, and those that follow it, unless a later attempt runs here already. */
  take(claimed: ClaimedTurn): void {
    if (!this.#context.lease.holds(claimed.node)) return
    const running = this.#running.get(claimed.to.conversation_id)
    if (running) {
      if (!isLater(claimed, running.claimed)) return
      running.interrupt('lost')
    }
    const work = this.#run(claimed)
      .catch((error: unknown) => {
        this.#context.log.error({ err: error, conversation_id: claimed.to.conversation_id }, 'turn broke')
      })
      .finally(() => this.#work.delete(work))
    this.#work.add(work)
  }

  /** A message was saved while the conversation's turn is open, wherever it runs. */
  messageArrived(to: Address, seq: number): void {
    if (this.#running.has(to.conversation_id)) this.#join(to.conversation_id, seq)
    else this.#context.others.messageArrived(to, seq)
  }

  /** Breaks a turn off, wherever it runs, after the database has been told. */
  interrupt(to: Address, turn: number, how: BrokenOff): void {
    const running = this.#running.get(to.conversation_id)
    if (running?.claimed.turn === turn) running.interrupt(how)
    else this.#context.others.interrupt(to, turn, how)
  }

  /** What other nodes want of the turns that run here. */
  get asked(): AskedByNodes {
    return {
      reply: (conversationId) => this.reply(conversationId)?.snapshot(undefined),
      messageArrived: (conversationId, seq) => this.#join(conversationId, seq),
      answered: (conversationId) => this.#context.questions.wake(conversationId),
      interrupt: (conversationId, turn, how) => {
        const running = this.#running.get(conversationId)
        if (running?.claimed.turn === turn) running.interrupt(how)
      },
      takenOver: (conversationId, epoch) => {
        const running = this.runningBefore(conversationId, epoch)
        running?.interrupt('interrupted')
        running?.reply.close()
      },
    }
  }

  /** The lease is gone: everything falls silent at once. */
  loseAll(): void {
    for (const running of this.#running.values()) running.interrupt('lost')
  }

  /**
   * Compares what the database says this node owns with what runs here. Marks that never arrived are acted upon; a
   * turn that is owned but not run, twice in a row, was claimed by a statement whose reply got lost: claimed again.
   * One that is run, and was before `askedAt`, but not owned was ended by who took over from us.
   */
  reconcile(owned: OwnedTurn[], node: string, askedAt: number): void {
    this.#breakOffDisowned(owned, node, askedAt)
    const orphans = new Set<string>()
    for (const turn of owned) {
      const running = this.#running.get(turn.conversation_id)
      if (running?.claimed.turn === turn.turn && running.claimed.attempt === turn.attempt) {
        if (turn.stopped) running.interrupt('stopped')
        else if (turn.interrupted) running.interrupt('interrupted')
        continue
      }
      const key = `${turn.conversation_id}.${turn.turn}.${turn.attempt}`
      if (this.#orphans.has(key)) this.#track(this.#claimAgain(turn.conversation_id, node))
      else orphans.add(key)
    }
    this.#orphans = orphans
  }

  /** Its end will find it fenced, so 'interrupted' is enough: nothing more is said, and a commit under way goes on. */
  #breakOffDisowned(owned: OwnedTurn[], node: string, askedAt: number): void {
    const turns = new Set(owned.map((one) => `${one.conversation_id}.${one.turn}`))
    for (const running of this.#running.values()) {
      const { claimed, startedAt } = running
      if (claimed.node !== node || startedAt >= askedAt) continue
      if (!turns.has(`${claimed.to.conversation_id}.${claimed.turn}`)) running.interrupt('interrupted')
    }
  }

  /** Takes over what nobody alive owns, and says how many turns that were. */
  async reap(limit: number): Promise<number> {
    const node = this.#context.lease.claimant()
    if (node === null) return 0
    const adopted = await adoptTurns(this.#context.database, node, limit)
    for (const claimed of adopted) this.take(claimed)
    return adopted.length
  }

  /**
   * Resolves when nothing runs any more. What waits for its visitor is left to others at once, and what still runs after
   * `ms` is broken off and left to them.
   */
  async drain(ms: number): Promise<void> {
    this.#isDraining = true
    for (const turn of this.#awaiting) turn.leave()
    const timer = new AbortController()
    const late = delay(ms, undefined, { signal: timer.signal }).catch(() => undefined)
    await Promise.race([this.#settled(), late])
    timer.abort()
    this.#leaving.abort()
    this.loseAll()
    await this.#settled()
  }

  /** It joins the turn; to a call that waits for a yes it is another answer. */
  #join(conversationId: string, seq: number): void {
    this.#running.get(conversationId)?.join(seq)
    this.#context.questions.wake(conversationId)
  }

  #awaits(turn: RunningTurn, isAwaiting: boolean): void {
    if (!isAwaiting) this.#awaiting.delete(turn)
    else if (this.#isDraining) turn.leave()
    else this.#awaiting.add(turn)
  }

  async #settled(): Promise<void> {
    while (this.#work.size > 0) await Promise.all(this.#work)
  }

  async #claimAgain(conversationId: string, node: string): Promise<void> {
    const claimed = await claimTurn(this.#context.database, conversationId, node)
    if (claimed) this.take(claimed)
  }

  #track(work: Promise<void>): void {
    const tracked = work
      .catch((error: unknown) => this.#context.log.warn({ err: error }, 'turn not claimed'))
      .finally(() => this.#work.delete(tracked))
    this.#work.add(tracked)
  }

  async #run(first: ClaimedTurn): Promise<void> {
    let claimed: ClaimedTurn | null = first
    while (claimed) claimed = await this.#runOne(claimed)
  }

  /** Answers one turn and commits its end; gives the turn that follows, already claimed. */
  async #runOne(claimed: ClaimedTurn): Promise<ClaimedTurn | null> {
    const { publisher, limits, locks, others, checkpoints } = this.#context
    const { conversation_id, session_id } = claimed.to
    const turn = new RunningTurn(claimed, new LiveReply(publisher, claimed, checkpoints), {
      joins: limits.joins,
      awaits: (waiting, isAwaiting) => this.#awaits(waiting, isAwaiting),
    })
    const unmark = markAsWorkedOn(locks, session_id, `${claimed.node}:${claimed.attempt}`)
    this.#running.set(conversation_id, turn)
    others.began(claimed.to)
    try {
      const outcome = await answerTurn(this.#context, turn)
      if (turn.isLeft) await this.#handOn(claimed)
      if (turn.interruption === null) turn.reply.flush()
      const ended = outcome && (await this.#commit(turn, outcome))
      if (!ended || ended.fenced) return null
      turn.reply.forget()
      this.#remember(turn, ended.message)
      // Hushed, it was told already, and what follows is found by renewal: an agent has the conversation.
      if (turn.hushed) return null
      const { message } = ended
      const failure = failureOf(message, outcome)
      publisher.publish(claimed.to, 'reply:end', {
        turn: claimed.turn,
        message,
        ...(failure && { failure }),
      })
      if (turn.waits !== null)
        publisher.publish(claimed.to, 'limit:reached', { kind: 'answers', retry_after_ms: turn.waits })
      this.#tellEnd(claimed, message, outcome)
      return ended.next
    } finally {
      turn.finish()
      this.#awaiting.delete(turn)
      unmark()
      others.ended(claimed.to)
      if (this.#running.get(conversation_id) === turn) this.#running.delete(conversation_id)
    }
  }

  /** Lets others go on with a turn. Where that cannot be written down, they do once the lease is given back. */
  async #handOn(claimed: ClaimedTurn): Promise<void> {
    const { database, leftTurns, log } = this.#context
    try {
      await leaveTurn(database, claimed)
      leftTurns.tell()
    } catch (error) {
      if (!(error instanceof DatabaseUnavailable)) throw error
      log.debug({ reason: error.message, turn: claimed.turn }, 'a turn was not left to others yet')
    }
  }

  #tellEnd({ to, turn }: ClaimedTurn, message: Message, outcome: TurnOutcome): void {
    const { status } = message
    if (status === undefined) return
    const { failedCalls = 0 } = outcome
    this.#context.turnEnded?.({ to, turn, status, failure: failureOf(message, outcome), failedCalls })
  }

  /** Keeps what may be said again; sums the conversation up while the visitor reads, if it is time to. */
  #remember({ claimed, prompt, repeatable }: RunningTurn, message: Message): void {
    const { content, status, sources = [] } = message
    if (repeatable && status === 'complete')
      this.#context.answers.keep(repeatable.key, { text: content, sources, ...repeatable.by })
    if (!prompt) return
    const { messages, tokens } = prompt.stands
    const stands = { messages: messages + 1, tokens: tokens + estimateTokens(content) }
    const { memory, summaries } = this.#context
    if (!isFull(stands, memory)) return
    summaries.consider({ conversationId: claimed.to.conversation_id, turn: claimed.turn })
  }

  /**
   * Commits the end, trying until the database has taken it or the lease is gone. Where it is not known then whether
   * the database has taken it, that is found out: visitors here wait to be told.
   */
  async #commit(turn: RunningTurn, outcome: TurnOutcome): Promise<EndedTurn | null> {
    const { database, lease, limits, log } = this.#context
    let inDoubt = false
    while (turn.interruption !== 'lost' && lease.holds(turn.claimed.node)) {
      try {
        return await endTurn(database, turn.claimed, outcome, lease.claimant(), turn.messageId)
      } catch (error) {
        if (!(error instanceof DatabaseUnavailable)) throw error
        inDoubt = true
        log.debug({ reason: error.message, turn: turn.claimed.turn }, 'end of a turn not saved, trying again')
        await delay(limits.endRetry)
      }
    }
    return inDoubt ? findLostEnd(this.#context, turn, this.#leaving.signal) : null
  }
}

/** Why the turn failed, where it did: the end that was committed says so. */
function failureOf({ status }: Message, { error }: TurnOutcome): TurnFailure | null {
  return status === 'failed' && error !== 'owner_silent' ? error : null
}

function isLater(a: ClaimedTurn, b: ClaimedTurn): boolean {
  return a.turn > b.turn || (a.turn === b.turn && a.attempt > b.attempt)
}

import { setTimeout as delay } from 'node:timers/promises'
import { promptVersion } from '../agent/prompts/index.ts'
import { addressOf, LOOK, type HandRow } from './change-hands-statements.ts'
import type { Said } from './checkpoints.ts'
import type { ConversationContext } from './context.ts'
import { endTurn, findEnded, type TurnOutcome } from './end-turn.ts'
import type { RunningTurn } from './running-turn.ts'

/**
 * Resolves when the AI is silent after a takeover: the interrupted turn has ended, and whatever end is told here was
 * told. Its owner commits what it had said or, where that keeps silent for `limits.handover`, this process does. False
 * when the conversation has changed hands again.
 */
export async function silenceAi(context: ConversationContext, taken: HandRow): Promise<boolean> {
  const { limits, turns } = context
  const isInterrupted = taken.turn_open && taken.turn_epoch < taken.epoch
  if (!isInterrupted && !turns.runningBefore(taken.id, taken.epoch)) return true
  if (isInterrupted) turns.interrupt(addressOf(taken), taken.turn, 'interrupted')
  const until = performance.now() + limits.handover
  await atMost(limits.handover, breakOff(context, taken))
  let seen = await look(context, taken)
  while (isInterrupted && seen.open && performance.now() < until) {
    turns.runningBefore(taken.id, taken.epoch)?.interrupt('interrupted')
    await delay(limits.handoverLook)
    seen = await look(context, taken)
  }
  if (isInterrupted && seen.open) await endForOwner(context, taken)
  await tellEnd(context, taken)
  return (await look(context, taken)).epoch === taken.epoch
}

/** Breaks off whatever of an older epoch runs here, until nothing does. */
async function breakOff({ turns }: ConversationContext, taken: HandRow): Promise<void> {
  for (;;) {
    const running = turns.runningBefore(taken.id, taken.epoch)
    if (!running) return
    running.interrupt('interrupted')
    await running.finished
  }
}

async function atMost(ms: number, work: Promise<void>): Promise<void> {
  const timer = new AbortController()
  try {
    await Promise.race([work, delay(ms, undefined, { signal: timer.signal })])
  } finally {
    timer.abort()
  }
}

async function look(context: ConversationContext, taken: HandRow): Promise<{ epoch: number; open: boolean }> {
  const [row] = await context.database.run<{ epoch: number; open: boolean }>(LOOK, [taken.id, taken.turn])
  return row ?? { epoch: taken.epoch, open: false }
}

/** The fallback: a row for the turn with what is known of it. The silent owner finds itself fenced. */
async function endForOwner(context: ConversationContext, taken: HandRow): Promise<void> {
  const { turn, attempt, turn_epoch: epoch } = taken
  const to = addressOf(taken)
  const running = context.turns.runningBefore(taken.id, taken.epoch)
  const said = running && isOf(running, taken) ? saidHere(running) : await saidElsewhere(context, taken)
  const ended = await endTurn(
    context.database,
    { to, turn, attempt, epoch, node: null },
    outcome(taken, said),
    context.lease.claimant(),
  )
  if (ended.fenced) return
  context.checkpoints.drop(to.conversation_id)
  if (running?.claimed.turn === turn) running.hushed = true
  context.publisher.publish(to, 'reply:end', { turn, message: ended.message })
  if (ended.next) context.turns.take(ended.next)
}

/** An attempt before may still run here, its end under way, while the turn is another node's. */
function isOf({ claimed }: RunningTurn, { turn, attempt }: HandRow): boolean {
  return claimed.turn === turn && claimed.attempt === attempt
}

function saidHere({ reply, answersTo }: RunningTurn): Said | null {
  return reply.text === '' ? null : { text: reply.text.toWellFormed(), answersTo }
}

/** What was kept of the very attempt that was interrupted, or heard of it here, where that is more. */
async function saidElsewhere(
  { checkpoints, others }: ConversationContext,
  taken: HandRow,
): Promise<Said | null> {
  const { turn, attempt, turn_epoch: epoch } = taken
  const to = addressOf(taken)
  const kept = await checkpoints.last({ to, turn, attempt, epoch })
  const reply = others.reply(to)
  const isSame = reply?.turn === turn && reply.attempt === attempt && reply.epoch === epoch
  if (!isSame || reply.text.length <= (kept?.text.length ?? 0)) return kept
  return { text: reply.text, answersTo: reply.answers_to }
}

/** Where a turn's end is committed, and the reply that says so still on its way to us, the end is told now. */
async function tellEnd(context: ConversationContext, taken: HandRow): Promise<void> {
  const { database, publisher, turns } = context
  const running = turns.runningBefore(taken.id, taken.epoch)
  if (!running || running.hushed) return
  const ended = await findEnded(database, running.claimed, running.messageId)
  if (ended.fenced || turns.runningBefore(taken.id, taken.epoch) !== running) return
  running.hushed = true
  publisher.publish(addressOf(taken), 'reply:end', { turn: running.claimed.turn, message: ended.message })
}

function outcome(taken: HandRow, said: Said | null): TurnOutcome {
  return {
    status: 'interrupted',
    content: said?.text ?? '',
    answersTo: said?.answersTo ?? taken.visitor_seq,
    sources: [],
    spent: [],
    repeats: null,
    promptVersion: promptVersion(null),
    firstTokenMs: null,
    totalMs: null,
    toolCalls: 0,
    error: 'owner_silent',
  }
}

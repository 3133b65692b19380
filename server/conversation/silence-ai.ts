import { setTimeout as delay } from 'node:timers/promises'
import { PROMPT_VERSION } from '../agent/prompts/base.ts'
import { addressOf, END_OF_TURN, LOOK, type HandRow } from './change-hands-statements.ts'
import type { ConversationContext } from './context.ts'
import { endTurn, type TurnOutcome } from './end-turn.ts'
import { presentMessage } from './present.ts'
import type { MessageRow } from './rows.ts'

/**
 * Resolves when the turn that a takeover interrupted has ended, and its end was told here, if it is told here at all:
 * its owner commits what it had said or, where that keeps silent for `limits.handover`, this process does. False when
 * the conversation has changed hands again.
 */
export async function silenceAi(context: ConversationContext, taken: HandRow): Promise<boolean> {
  if (!taken.turn_open || taken.turn_epoch === taken.epoch) return true
  const { limits, turns } = context
  const until = performance.now() + limits.handover
  turns.interrupt(taken.id, taken.turn, 'interrupted')
  await atMost(limits.handover, turns.finished(taken.id, taken.turn))
  let seen = await look(context, taken)
  while (seen.open && performance.now() < until) {
    await delay(limits.handoverLook)
    seen = await look(context, taken)
  }
  const endedHere = seen.open && (await endForOwner(context, taken))
  if (!endedHere) await tellEnd(context, taken)
  return (await look(context, taken)).epoch === taken.epoch
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

/** The fallback: a row for the turn with what is known of it here. The silent owner finds itself fenced. */
async function endForOwner(context: ConversationContext, taken: HandRow): Promise<boolean> {
  const { turn, attempt, turn_epoch: epoch } = taken
  const to = addressOf(taken)
  const ended = await endTurn(
    context.database,
    { to, turn, attempt, epoch, node: null },
    outcome(context, taken),
    context.lease.claimant(),
  )
  if (ended.fenced) return false
  context.publisher.publish(to, 'reply:end', { turn, message: ended.message })
  if (ended.next) context.turns.take(ended.next)
  return true
}

/** Where the owner is this process, and the reply to its end still on the way, the end is told in its place. */
async function tellEnd(context: ConversationContext, taken: HandRow): Promise<void> {
  const { database, publisher, turns } = context
  if (!turns.runs(taken.id, taken.turn)) return
  const [row] = await database.run<MessageRow>(END_OF_TURN, [taken.id, taken.turn, taken.started_at])
  if (row && turns.hush(taken.id, taken.turn))
    publisher.publish(addressOf(taken), 'reply:end', { turn: taken.turn, message: presentMessage(row) })
}

function outcome(context: ConversationContext, taken: HandRow): TurnOutcome {
  return {
    status: 'interrupted',
    content: context.turns.textOf(taken.id, taken.turn).toWellFormed(),
    answersTo: taken.visitor_seq,
    sources: [],
    usage: { input: 0, output: 0, cached: 0 },
    cost: 0,
    provider: context.provider.name,
    model: context.provider.defaultModel,
    promptVersion: PROMPT_VERSION,
    firstTokenMs: null,
    totalMs: null,
    toolCalls: 0,
    error: 'owner_silent',
  }
}

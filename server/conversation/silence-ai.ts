import { setTimeout as delay } from 'node:timers/promises'
import { PROMPT_VERSION } from '../agent/prompts/base.ts'
import { LOOK, type HandRow } from './change-hands-statements.ts'
import type { ConversationContext } from './context.ts'
import { endTurn, type TurnOutcome } from './end-turn.ts'

/**
 * Resolves when the turn that a takeover interrupted has ended: its owner commits what it had said or, where that
 * keeps silent for `limits.handover`, this process does. False when the conversation has changed hands again.
 */
export async function silenceAi(context: ConversationContext, taken: HandRow): Promise<boolean> {
  if (!taken.turn_open || taken.turn_epoch === taken.epoch) return true
  const { limits, turns } = context
  const until = performance.now() + limits.handover
  turns.interrupt(taken.id, taken.turn, 'interrupted')
  await atMost(limits.handover, turns.finished(taken.id, taken.turn))
  for (;;) {
    const seen = await look(context, taken)
    if (!seen.open) return seen.epoch === taken.epoch
    if (performance.now() >= until) break
    await delay(limits.handoverLook)
  }
  await endForOwner(context, taken)
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
async function endForOwner(context: ConversationContext, taken: HandRow): Promise<void> {
  const to = { client_id: taken.client_id, session_id: taken.session_id, conversation_id: taken.id }
  const { turn, attempt, turn_epoch: epoch } = taken
  const ended = await endTurn(
    context.database,
    { to, turn, attempt, epoch, node: null },
    outcome(context, taken),
    context.lease.claimant(),
  )
  if (ended.fenced) return
  context.publisher.publish(to, 'reply:end', { turn, message: ended.message })
  if (ended.next) context.turns.take(ended.next)
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

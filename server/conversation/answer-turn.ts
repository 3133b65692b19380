import type { TurnFailure } from '../../protocol/widget.ts'
import { runAgent } from '../agent/run-agent.ts'
import { AGENT_LIMITS } from '../agent/limits.ts'
import { DatabaseUnavailable } from '../infra/database.ts'
import type { ModelCall } from '../llm/models.ts'
import { ProviderError, type StopReason } from '../llm/provider.ts'
import type { AskedVisitor } from '../tools/turn/client-calls.ts'
import { apologise } from './apology.ts'
import { askVisitor, type AskingVisitors } from './asking/ask-visitor.ts'
import { prepareTurn, type PreparedTurn, type PreparingContext } from './asking/prepare.ts'
import { sourcesOf } from './asking/sources.ts'
import type { Checkpoints } from './checkpoints.ts'
import type { ClaimedTurn } from './claim.ts'
import type { TurnOutcome } from './end-turn.ts'
import type { TurnLimits } from './limits.ts'
import type { NodeLease } from './node-lease.ts'
import { readPrompt, type ReadingContext, type TurnPrompt } from './prompt.ts'
import { JOINED, type RunningTurn } from './running-turn.ts'
import { sayAgain } from './say-again.ts'
import { readSteps, saveStep, type StoredStep } from './steps.ts'
import { TurnTraces } from './turn-traces.ts'
import type { Typing } from './typing.ts'
import { visitorWaits } from './visitor-budget.ts'

export interface AnsweringContext extends ReadingContext, PreparingContext, AskingVisitors {
  limits: TurnLimits
  typing: Typing
  lease: NodeLease
  checkpoints: Checkpoints
}

/** How the turn went; null when somebody else decides what becomes of it. Never rejects. */
export async function answerTurn(context: AnsweringContext, turn: RunningTurn): Promise<TurnOutcome | null> {
  try {
    const { finish } = turn.claimed
    return outcome(turn, finish ? await giveUp(context, turn, finish) : await ask(context, turn))
  } catch (error) {
    if (turn.interruption === 'lost') return null
    if (turn.interruption) return outcome(turn, { status: turn.interruption })
    if (error instanceof DatabaseUnavailable) return null
    return outcome(turn, { status: 'failed', error: faultOf(context, turn, error) })
  }
}

type Found = Pick<TurnOutcome, 'status'> &
  Partial<Pick<TurnOutcome, 'toolCalls' | 'failedCalls' | 'sources' | 'error' | 'content' | 'answersTo'>>

/**
 * Ends a turn that may not run any more: with what the attempt before, whose node is gone, had said when it was broken
 * off; one that failed too often says so to whoever waits.
 */
async function giveUp(
  context: AnsweringContext,
  turn: RunningTurn,
  status: NonNullable<ClaimedTurn['finish']>,
): Promise<Found> {
  if (status !== 'failed') {
    const said = await context.checkpoints.last({ ...turn.claimed, attempt: turn.claimed.attempt - 1 })
    return { status, ...(said && { content: said.text, answersTo: said.answersTo }) }
  }
  turn.prompt = await readNewest(context, turn, [])
  return { status, error: 'attempts_exhausted' }
}

/** Asks until the model could answer without a further message joining. */
async function ask(context: AnsweringContext, turn: RunningTurn): Promise<Found> {
  const stored = await readSteps(context.database, turn.claimed)
  // An attempt before has called something: what is written from then on waits for the next turn.
  if (stored.length > 0) turn.speaks()
  for (;;) {
    if (stored.length === 0) await context.typing.settled(turn.claimed.to.session_id, turn.signal)
    const prompt = await readNewest(context, turn, stored)
    const signal = turn.ask(prompt)
    turn.reply.begin(prompt.answersTo)
    try {
      return await converse(context, turn, { prompt, stored, signal })
    } catch (error) {
      if (signal.reason !== JOINED) throw error
    }
  }
}

/** Reads the prompt; once more when a message was saved after the first reading had begun. */
async function readNewest(
  context: AnsweringContext,
  turn: RunningTurn,
  stored: readonly StoredStep[],
): Promise<TurnPrompt> {
  const read = () => readPrompt(context, turn.claimed, stored)
  const prompt = await read()
  return stored.length === 0 && turn.newest > prompt.answersTo ? read() : prompt
}

async function converse(
  context: AnsweringContext,
  turn: RunningTurn,
  asked: { prompt: TurnPrompt; stored: StoredStep[]; signal: AbortSignal },
): Promise<Found> {
  const { prompt, stored, signal } = asked
  const { claimed } = turn
  const { visitorTokens } = context.limits
  const [prepared, waits] = await Promise.all([
    prepareTurn(context, { claimed, visitor: visitorOf(context, turn) }, prompt, signal),
    // What was begun may be finished.
    stored.length > 0 ? null : visitorWaits(context.database, claimed.to.conversation_id, visitorTokens),
  ])
  turn.promptVersion = prepared.promptVersion
  const say = (text: string) => {
    if (context.lease.holds(claimed.node)) turn.say(text)
    else turn.interrupt('lost')
  }
  const { known } = prepared
  turn.repeats = known
  if (known) {
    await sayAgain(known.text, say, signal)
    return { sources: known.sources, status: 'complete' }
  }
  turn.waits = waits
  if (waits !== null) return { status: 'failed', error: 'visitor_limit' }
  const spent = (call: ModelCall) => void turn.spent.push(call)
  // Everything is kept before the end is told, so that whoever reads it then reads all.
  const traces = prompt.parties.is_test ? new TurnTraces(context, claimed) : null
  const hearing = { spent, ...(traces && { traced: traces.add }) }
  const running = runAgent(
    {
      ...prepared.asked,
      ask: (request, text, asking) =>
        context.models.ask(prepared.route, request, { ...hearing, text }, asking),
      limits: AGENT_LIMITS,
      storedSteps: stored.map((step) => step.body),
      onText: say,
      saveStep: (step, body) => {
        turn.speaks()
        return saveStep(context.database, claimed, { step, answersTo: prompt.answersTo, body })
      },
    },
    signal,
  )
  const result = await running.finally(() => traces?.settled())
  // Where the step could not be stored, the statement that ends the turn knows why, or finds it fenced.
  if (result.fenced) return { status: 'interrupted' }
  const { toolCalls } = result
  const failedCalls = Math.max(0, ...prepared.failed.values())
  const sources = sourcesOf(turn.reply.text, prepared.shown, result.sources)
  // A model may end without a word, its thinking having used up the limit: nobody is left with a silence.
  if (turn.reply.text === '')
    return { toolCalls, failedCalls, sources, status: 'failed', error: 'empty_answer' }
  turn.repeatable = repeatableAs(prepared, turn, result)
  return { toolCalls, failedCalls, sources, status: 'complete' }
}

/** Whom the turn's calls may ask. */
function visitorOf(context: AnsweringContext, turn: RunningTurn): AskedVisitor {
  return {
    confirm: (question, signal) => askVisitor(context, question, signal),
    waiting: (isWaiting) => turn.awaits(isWaiting),
  }
}

/** Whole answers without calls may be given again, where who was to give them did. */
function repeatableAs(
  { key, route: [first] }: PreparedTurn,
  { spent }: RunningTurn,
  { stop, toolCalls }: { stop: StopReason; toolCalls: number },
): RunningTurn['repeatable'] {
  const by = spent.at(-1)
  const isFirst = by?.provider === first.provider && by.model === first.model
  return key !== null && isFirst && stop === 'end' && toolCalls === 0 ? { key, by: first } : null
}

function outcome(turn: RunningTurn, found: Found): TurnOutcome {
  return {
    content: contentOf(turn, found),
    answersTo: turn.endsAt(found.status),
    sources: [],
    spent: turn.spent,
    repeats: turn.repeats,
    promptVersion: turn.promptVersion,
    firstTokenMs: turn.firstTokenMs,
    totalMs: Math.round(performance.now() - turn.startedAt),
    toolCalls: 0,
    error: null,
    ...found,
  }
}

/** What was said; an apology where a turn failed without a word. */
function contentOf(turn: RunningTurn, { status, error = null }: Found): string {
  const said = turn.reply.text.toWellFormed()
  return said === '' && status === 'failed' ? apologise(turn.prompt, error) : said
}

function faultOf(context: AnsweringContext, turn: RunningTurn, error: unknown): TurnFailure {
  const { conversation_id } = turn.claimed.to
  if (error instanceof ProviderError) {
    const { code, message } = error
    context.log.warn({ conversation_id, turn: turn.claimed.turn, code, reason: message }, 'provider failed')
    return code
  }
  context.log.error({ conversation_id, turn: turn.claimed.turn, err: error }, 'turn failed')
  return 'internal'
}

import type { HistoryPage, HistoryQuery } from '../../protocol/rest.ts'
import type { VisitorSession } from '../auth/visitor-session.ts'
import type { AgentTools } from '../agent/run-agent.ts'
import { createAiSettingsReader } from '../clients/read-ai-settings.ts'
import { createMemoryCache, type Cache } from '../infra/cache.ts'
import type { Database } from '../infra/database.ts'
import { createMemoryLocks, type Locks } from '../infra/locks.ts'
import type { Logger } from '../infra/logger.ts'
import { LoopDelay } from '../infra/loop-delay.ts'
import type { Pieces } from '../infra/pieces.ts'
import { createSchemaCompiler } from '../infra/validate.ts'
import type { Models } from '../llm/models.ts'
import type { SearchKnowledge } from '../llm/provider.ts'
import { lookAtQuestions } from '../tools/turn/confirm/look.ts'
import { QuestionWatch } from '../tools/turn/confirm/question-watch.ts'
import type { ClientCallsOf } from '../tools/turn/client-calls.ts'
import { createAnswerCache } from './answer-cache.ts'
import { answerQuestion } from './answer-question.ts'
import { agentConversationsOf, type AgentConversations } from './agent-conversations.ts'
import { createCheckpoints, NO_CHECKPOINTS } from './checkpoints.ts'
import { createContextCache } from './context-cache.ts'
import type { ConversationContext } from './context.ts'
import type { Conversations, Snapshot, TranscriptCursor } from './conversations.ts'
import { findCurrent } from './current.ts'
import type { HandOver } from './hand-over.ts'
import { readHistory } from './history.ts'
import { receiveResult, type LateResults } from './late-result.ts'
import { endConversation, startConversation } from './lifecycle.ts'
import { TURN_LIMITS, type TurnLimits } from './limits.ts'
import { NOBODY_TO_TELL, type LeftTurns } from './left-turns.ts'
import { MEMORY_LIMITS, type MemoryLimits } from './memory-limits.ts'
import { NodeLease } from './node-lease.ts'
import { presentConversation } from './present.ts'
import { ALONE, type AskedByNodes, type OtherNodes } from './other-nodes.ts'
import type { Publisher } from './publisher.ts'
import { Reaper } from './reaper.ts'
import { receive } from './receive.ts'
import { readMissing, runningReply } from './snapshot.ts'
import { Saturation } from './saturation.ts'
import { stopReply } from './stop.ts'
import { Summaries } from './summaries.ts'
import type { OnTurnEnded } from './turn-ended.ts'
import { turnAway } from './turn-away.ts'
import { TurnRunner } from './turn-runner.ts'
import { Typing } from './typing.ts'

export interface ConversationParts {
  database: Database
  publisher: Publisher
  /** None where this node is the only one. */
  others?: OtherNodes
  models: Models
  log: Logger
  limits?: Partial<TurnLimits>
  /** How much of a conversation is read and summed up. */
  memory?: Partial<MemoryLimits>
  /** What may be kept outside of Postgres; in this process's memory where none is given. */
  cache?: Cache
  locks?: Locks
  /** Where running replies are kept for other nodes. */
  pieces?: Pieces
  /** How other nodes hear of turns that this one leaves to them. */
  leftTurns?: LeftTurns
  /** Finds passages of a client's knowledge; without it, no answer stands on any but the provider's own. */
  searchKnowledge?: SearchKnowledge
  tools?: AgentTools
  /** What the models of a client may call; without it, `tools`. */
  clientCalls?: ClientCallsOf
  /** How the AI asks for a person; without it, it cannot. */
  handOver?: HandOver
  /** Hears of every turn that ended on this node. */
  turnEnded?: OnTurnEnded
}

/** The heart as one part of the process: what visitors and agents can do, and its own start and end. */
export interface ConversationHeart {
  conversations: Conversations
  agents: AgentConversations
  results: LateResults
  /** What other nodes want of this one. */
  asked: AskedByNodes
  /** How many turns run on this node. */
  runningTurns(): number
  /** Whether new turns are refused here, and how many messages were. */
  saturation: Pick<Saturation, 'isBusy' | 'turnedAway'>
  /** How often something of a running reply could not be kept for others. */
  failedCheckpoints(): number
  /** Registers this node and begins to look for turns that nobody runs. */
  start(): Promise<void>
  /** Takes nothing new, lets running replies finish within the limit, gives the lease back. */
  stop(): Promise<void>
}

export function createConversations(parts: ConversationParts): ConversationHeart {
  const limits = { ...TURN_LIMITS, ...parts.limits }
  const { database, publisher, models, log, tools, clientCalls, handOver, turnEnded } = parts
  const lease = new NodeLease({ database, limits, log })
  const typing = new Typing(limits)
  const memory = { ...MEMORY_LIMITS, ...parts.memory }
  const cache = parts.cache ?? createMemoryCache()
  const contexts = createContextCache(cache)
  const answers = createAnswerCache(cache)
  const readAiSettings = createAiSettingsReader(createSchemaCompiler())
  const summaries = new Summaries({ database, models, memory, readAiSettings }, log)
  const others = parts.others ?? ALONE
  const checkpoints = parts.pieces ? createCheckpoints(parts.pieces) : NO_CHECKPOINTS
  const leftTurns = parts.leftTurns ?? NOBODY_TO_TELL
  const shared = {
    ...{ database, publisher, others, models, limits, log, lease, typing, contexts, summaries },
    checkpoints,
    leftTurns,
  }
  const locks = parts.locks ?? createMemoryLocks()
  const asking = {
    readAiSettings,
    searchKnowledge: parts.searchKnowledge ?? null,
    answers,
    ...(tools && { tools }),
    ...(clientCalls && { clientCalls }),
    ...(handOver && { handOver }),
  }
  const questions = new QuestionWatch({
    look: (callIds) => lookAtQuestions(database, callIds),
    lookEvery: limits.confirmLook,
    log,
  })
  const turns = new TurnRunner({
    ...{ ...shared, questions, memory, locks },
    ...asking,
    ...(turnEnded && { turnEnded }),
  })
  const reaper = new Reaper({ reap: (atMost) => turns.reap(atMost), limits, log })
  leftTurns.hear(() => reaper.hurry())
  const loop = new LoopDelay()
  const saturation = new Saturation({ limits, runningTurns: () => turns.atWork, loopDelay: () => loop.ms })
  const context = { ...shared, turns, questions, saturation }

  return {
    conversations: conversationsOf(context),
    agents: agentConversationsOf(context),
    results: { receive: (brought) => receiveResult(context, brought) },
    asked: turns.asked,
    runningTurns: () => turns.size,
    failedCheckpoints: () => checkpoints.failures,
    saturation,
    async start() {
      loop.start()
      await lease.start({
        owned: (owned, node, askedAt) => turns.reconcile(owned, node, askedAt),
        lost: () => turns.loseAll(),
      })
      reaper.start()
    },
    async stop() {
      loop.stop()
      lease.drain()
      typing.signs.stop()
      await reaper.stop()
      await Promise.all([turns.drain(limits.drain), summaries.stop()])
      await lease.release().catch((error: unknown) => log.warn({ err: error }, 'lease not given back'))
      leftTurns.tell()
    },
  }
}

function conversationsOf(context: ConversationContext): Conversations {
  const { database, publisher, typing } = context
  return {
    turnAway: (session, clientMessageId) => turnAway(context, session, clientMessageId),
    receive: (session, input) => receive(context, session, input),
    snapshot: (session, cursor) => snapshot(context, session, cursor),
    runningReply: (conversation, cursor) => runningReply(context, conversation, cursor),
    hearElsewhere: ({ client_id, id }, conversation_id) => {
      context.others.ask({ client_id, session_id: id, conversation_id })
    },
    history: (session, query) => history(database, session, query),
    answer: (session, answer) => answerQuestion(context, session, answer),
    stop: (session, { turn }) => stopReply(context, session, turn),
    setTyping: (session, isTyping) => {
      typing.set(session.id, isTyping)
      typing.signs.set(session.id, isTyping, (shown) => {
        publisher.publishVisitorTyping(session.id, shown)
      })
    },
    end: (session) => endConversation(context, session),
    start: (session) => startConversation(context, session),
  }
}

async function snapshot(
  context: ConversationContext,
  session: VisitorSession,
  cursor: TranscriptCursor,
): Promise<Snapshot> {
  const { database, others } = context
  await others.reached(session.id)
  const row = await findCurrent(database, session.id)
  if (!row) return { conversation: null, messages: [], has_more: false, confirming: [] }
  return { conversation: presentConversation(row), ...(await readMissing(context, row, cursor, readHistory)) }
}

async function history(
  database: Database,
  session: VisitorSession,
  query: HistoryQuery,
): Promise<HistoryPage> {
  const row = await findCurrent(database, session.id)
  return row ? readHistory(database, row, query) : { messages: [], has_more: false }
}

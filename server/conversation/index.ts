import { setTimeout as delay } from 'node:timers/promises'
import type { Conversation, RunningReply } from '../../protocol/records.ts'
import type { HistoryPage, HistoryQuery } from '../../protocol/rest.ts'
import type { VisitorSession } from '../auth/visitor-session.ts'
import type { AgentTools } from '../agent/run-agent.ts'
import { createAiSettingsReader } from '../clients/read-ai-settings.ts'
import { createMemoryCache, type Cache } from '../infra/cache.ts'
import { DatabaseUnavailable, type Database } from '../infra/database.ts'
import { createMemoryLocks, type Locks } from '../infra/locks.ts'
import type { Logger } from '../infra/logger.ts'
import { createSchemaCompiler } from '../infra/validate.ts'
import type { Models } from '../llm/models.ts'
import type { SearchKnowledge } from '../llm/provider.ts'
import { createAnswerCache } from './answer-cache.ts'
import type { AgentConversations } from './agent-conversations.ts'
import { receiveFromAgent } from './agent-message.ts'
import { handBack, takeOver } from './change-hands.ts'
import { createContextCache } from './context-cache.ts'
import type { ConversationContext } from './context.ts'
import type { Conversations, Snapshot, TranscriptCursor } from './conversations.ts'
import { findCurrent } from './current.ts'
import { readHistory } from './history.ts'
import { endConversation, startConversation } from './lifecycle.ts'
import { TURN_LIMITS, type TurnLimits } from './limits.ts'
import { MEMORY_LIMITS, type MemoryLimits } from './memory-limits.ts'
import { NodeLease } from './node-lease.ts'
import { presentConversation } from './present.ts'
import { ALONE, type AskedByNodes, type OtherNodes } from './other-nodes.ts'
import type { Publisher } from './publisher.ts'
import { receive } from './receive.ts'
import { stopReply } from './stop.ts'
import { Summaries } from './summaries.ts'
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
  /** Finds passages of a client's knowledge; without it, no answer stands on any but the provider's own. */
  searchKnowledge?: SearchKnowledge
  tools?: AgentTools
}

/** The heart as one part of the process: what visitors and agents can do, and its own start and end. */
export interface ConversationHeart {
  conversations: Conversations
  agents: AgentConversations
  /** What other nodes want of this one. */
  asked: AskedByNodes
  /** How many turns run on this node. */
  runningTurns(): number
  /** Registers this node and begins to look for turns that nobody runs. */
  start(): Promise<void>
  /** Takes nothing new, lets running replies finish within the limit, gives the lease back. */
  stop(): Promise<void>
}

export function createConversations(parts: ConversationParts): ConversationHeart {
  const limits = { ...TURN_LIMITS, ...parts.limits }
  const { database, publisher, models, log, tools } = parts
  const lease = new NodeLease({ database, limits, log })
  const typing = new Typing(limits)
  const memory = { ...MEMORY_LIMITS, ...parts.memory }
  const cache = parts.cache ?? createMemoryCache()
  const contexts = createContextCache(cache)
  const answers = createAnswerCache(cache)
  const readAiSettings = createAiSettingsReader(createSchemaCompiler())
  const summaries = new Summaries({ database, models, memory, readAiSettings }, log)
  const others = parts.others ?? ALONE
  const shared = { database, publisher, others, models, limits, log, lease, typing, contexts, summaries }
  const locks = parts.locks ?? createMemoryLocks()
  const asking = {
    readAiSettings,
    searchKnowledge: parts.searchKnowledge ?? null,
    answers,
    ...(tools && { tools }),
  }
  const turns = new TurnRunner({ ...shared, memory, locks, ...asking })
  const reaper = new AbortController()
  const context = { ...shared, turns }
  let reaping = Promise.resolve()

  return {
    conversations: conversationsOf(context),
    agents: agentConversationsOf(context),
    asked: turns.asked,
    runningTurns: () => turns.size,
    async start() {
      await lease.start({
        owned: (owned, node, askedAt) => turns.reconcile(owned, node, askedAt),
        lost: () => turns.loseAll(),
      })
      reaping = reap(turns, limits, log, reaper.signal)
    },
    async stop() {
      lease.drain()
      reaper.abort()
      await reaping
      await Promise.all([turns.drain(limits.drain), summaries.stop()])
      await lease.release().catch((error: unknown) => log.warn({ err: error }, 'lease not given back'))
    },
  }
}

function conversationsOf(context: ConversationContext): Conversations {
  const { database, typing } = context
  return {
    receive: (session, input) => receive(context, session, input),
    snapshot: (session, cursor) => snapshot(context, session, cursor),
    runningReply: (conversation, cursor) => runningReply(context, conversation, cursor),
    hearElsewhere: ({ client_id, id }, conversation_id) => {
      context.others.ask({ client_id, session_id: id, conversation_id })
    },
    history: (session, query) => history(database, session, query),
    stop: (session, { turn }) => stopReply(context, session, turn),
    setTyping: (session, isTyping) => {
      typing.set(session.id, isTyping)
    },
    end: (session) => endConversation(context, session),
    start: (session) => startConversation(context, session),
  }
}

function agentConversationsOf(context: ConversationContext): AgentConversations {
  return {
    takeOver: (place) => takeOver(context, place),
    handBack: (place) => handBack(context, place),
    receive: (place, input) => receiveFromAgent(context, place, input),
  }
}

async function snapshot(
  { database, turns, others }: ConversationContext,
  session: VisitorSession,
  cursor: TranscriptCursor,
): Promise<Snapshot> {
  await others.reached(session.id)
  const row = await findCurrent(database, session.id)
  if (!row) return { conversation: null, messages: [], has_more: false }
  const { last_seq } = cursor
  const continues = last_seq !== undefined && sameConversation(cursor, row.id)
  const page = await readHistory(database, row, continues ? { after_seq: last_seq } : {})
  if (row.turn_open && !turns.reply(row.id))
    others.ask({ client_id: row.client_id, session_id: row.session_id, conversation_id: row.id })
  return { conversation: presentConversation(row), ...page }
}

function runningReply(
  { turns, others }: ConversationContext,
  conversation: Pick<Conversation, 'id' | 'session_id'>,
  cursor: TranscriptCursor,
): RunningReply | undefined {
  const reply = sameConversation(cursor, conversation.id) ? cursor.reply : undefined
  const running = turns.reply(conversation.id)
  if (running) return running.snapshot(reply)
  return others.reply({ session_id: conversation.session_id, conversation_id: conversation.id }, reply)
}

/** A cursor that names no conversation speaks of the current one. */
function sameConversation(cursor: TranscriptCursor, id: string): boolean {
  return cursor.conversation_id === undefined || cursor.conversation_id === id
}

async function history(
  database: Database,
  session: VisitorSession,
  query: HistoryQuery,
): Promise<HistoryPage> {
  const row = await findCurrent(database, session.id)
  return row ? readHistory(database, row, query) : { messages: [], has_more: false }
}

async function reap(turns: TurnRunner, limits: TurnLimits, log: Logger, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await turns.reap(limits.reapAtOnce).catch((error: unknown) => {
      if (error instanceof DatabaseUnavailable) log.debug({ reason: error.message }, 'no turns adopted')
      else log.error({ err: error }, 'no turns adopted')
    })
    await delay(limits.reapEvery, undefined, { signal }).catch(() => undefined)
  }
}

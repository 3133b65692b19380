import { setTimeout as delay } from 'node:timers/promises'
import type { Handoff } from '../../protocol/records.ts'
import type { ClientDirectory } from '../auth/client-directory.ts'
import { createAiSettingsReader } from '../clients/read-ai-settings.ts'
import type { HandOver } from '../conversation/hand-over.ts'
import type { Address, Publisher } from '../conversation/publisher.ts'
import type { OnTurnEnded } from '../conversation/turn-ended.ts'
import { DatabaseUnavailable, type Database } from '../infra/database.ts'
import type { Logger } from '../infra/logger.ts'
import type { RateLimits } from '../infra/rate-limit.ts'
import type { CompileSchema } from '../infra/validate.ts'
import type { HandoffContext } from './context.ts'
import { createHandOver } from './hand-over.ts'
import type { VisitorHandoffs } from '../conversation/visitor-handoffs.ts'
import { Judge } from './judge.ts'
import { lapseRequests } from './lapse.ts'
import { HANDOFF_LIMITS, type HandoffLimits } from './limits.ts'
import { notePresence } from './presence.ts'
import { QueueWatch } from './queue-watch.ts'
import { createRulesReader } from './read-rules.ts'
import { reclaimConversations } from './reclaim.ts'
import { requestHandoff } from './request.ts'
import { createTeamReader, keepTeams } from './team.ts'
import { withdrawHandoff } from './withdraw.ts'

export interface HandoffParts {
  database: Database
  publisher: Publisher
  /** Tells those who listen on this node only. */
  tellHere: (to: Address, handoff: Handoff) => void
  directory: ClientDirectory
  rates: RateLimits
  compile: CompileSchema
  log: Logger
  limits?: Partial<HandoffLimits>
  /** Ids of the people of the business who are connected to this node. */
  present?: () => readonly string[]
}

/** Handing over to a person as one part of the process (docs/handoff.md). */
export interface HandingOver {
  handoffs: VisitorHandoffs
  /** How the AI asks. */
  handOver: HandOver
  /** How rules ask. */
  turnEnded: OnTurnEnded
  /** Begins to watch the queues, and to end what nobody takes. */
  start(): void
  stop(): Promise<void>
}

export function createHandoff(parts: HandoffParts): HandingOver {
  const limits = { ...HANDOFF_LIMITS, ...parts.limits }
  const { database, publisher, tellHere, directory, rates, log, present = () => [] } = parts
  const watch = new QueueWatch({ database, tellHere, toldPositions: limits.toldPositions })
  const readSettings = createAiSettingsReader(parts.compile)
  const context: HandoffContext = {
    ...{ database, publisher, directory, rates, limits, log, watch },
    readRules: createRulesReader(database, readSettings),
    readTeam: createTeamReader(database, readSettings, limits),
  }
  const teams = keepTeams(context.readTeam, limits)
  const judge = new Judge(context)
  const stopping = new AbortController()
  let loops = Promise.resolve<unknown>(undefined)

  return {
    handoffs: {
      request: (session, input) => requestHandoff(context, session, input),
      withdraw: (session) => withdrawHandoff(context, session),
      team: ({ client_id }) => teams(client_id),
    },
    handOver: createHandOver(context),
    turnEnded: judge.turnEnded,
    start() {
      const { signal } = stopping
      loops = Promise.all([
        repeat(log, signal, async () => {
          const woken = watch.woken()
          await lapseRequests(context)
          await watch.look()
          const soon = woken.then(() => pause(limits.lookAgain, signal))
          await pause(limits.lookEvery, signal, soon)
        }),
        repeat(log, signal, async () => {
          await notePresence(database, present())
          await reclaimConversations(context)
          await pause(limits.seenEvery, signal)
        }),
      ])
    },
    async stop() {
      stopping.abort()
      await loops
      await judge.settled()
    },
  }
}

/** How long a pass that failed waits before it is tried again, in milliseconds. */
const AFTER_FAILURE_MS = 1_000

async function repeat(log: Logger, signal: AbortSignal, pass: () => Promise<void>): Promise<void> {
  while (!signal.aborted) {
    try {
      await pass()
    } catch (error) {
      if (error instanceof DatabaseUnavailable) log.debug({ reason: error.message }, 'nobody was handed over')
      else log.error({ err: error }, 'nobody was handed over')
      await pause(AFTER_FAILURE_MS, signal)
    }
  }
}

/** Waits `ms`, or less: until `woken` resolves, or the signal aborts. */
async function pause(ms: number, signal: AbortSignal, woken?: Promise<void>): Promise<void> {
  const timer = new AbortController()
  try {
    const waited = delay(ms, undefined, { signal: AbortSignal.any([signal, timer.signal]) })
    await Promise.race([waited, ...(woken ? [woken] : [])]).catch(() => undefined)
  } finally {
    timer.abort()
  }
}

import type { Database } from '../../server/infra/database.ts'
import type { Logger } from '../../server/infra/logger.ts'
import type { Redis } from '../../server/infra/redis/redis.ts'
import type { Address } from '../../server/conversation/publisher.ts'
import type { FanOut } from '../fanout.ts'
import { catchUp } from './catch-up.ts'
import { Crossing } from './crossing.ts'
import type { Told } from './frames.ts'

export interface CrossingRoom {
  crossing: Crossing
  /** Looks for nothing any more that was missed. */
  stop(): Promise<void>
}

/** Joins this node's listeners to those of all others. */
export function openCrossing({
  redis,
  database,
  fanout,
  log,
}: {
  redis: Pick<Redis, 'bus' | 'presence'>
  database: Pick<Database, 'run'>
  fanout: FanOut
  log: Logger
}): CrossingRoom {
  const deliver = (to: Address, { event, args }: Told) => {
    fanout.deliver(to, event, ...args)
  }
  const missing = catchUp({
    ...{ database, log, presence: redis.presence },
    sessions: () => crossing.attached,
    tell: (to, told) => {
      crossing.tell(to, told)
    },
  })
  const crossing = new Crossing({
    redis,
    deliver,
    deliverTool: (to, { event, told }) => {
      fanout.deliverTool(to, event, told)
    },
    deliverTyping: (sessionId, typing) => {
      fanout.deliverVisitorTyping(sessionId, typing)
    },
    tools: (conversationId) => fanout.toolsRunning(conversationId),
    missed: (sessionId, withinMs) => {
      missing.look(sessionId, withinMs)
    },
  })
  fanout.crossTo(crossing)
  return { crossing, stop: () => missing.stop() }
}

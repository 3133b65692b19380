import type { Cluster, Redis as Client } from 'ioredis'
import type { Logger } from '../logger.ts'
import { openBus, type Bus } from './bus.ts'
import { connect, REDIS_LIMITS, type RedisLimits } from './connect.ts'
import { Presence } from './presence.ts'
import { readRedisUrl } from './address.ts'
import { refuseUnfit } from './fitness.ts'
import { describeUnreachableRedis } from './unreachable.ts'

/** What nodes share beside Postgres. Never the truth: everything in it may be lost, and nothing is lost with it. */
export interface Redis {
  /**
   * For single commands, which are pipelined by themselves. They reject at once while Redis is away, and after
   * `limits.command` where it does not answer.
   */
  commands: Client | Cluster
  bus: Bus
  presence: Presence
  close(): void
}

/**
 * Connects to `url`, which the configuration has checked, and makes sure that it is a Redis which can be used. Throws
 * `StartError` where it is not. Later it goes away and comes back as it likes; `presence` says which.
 */
export async function openRedis(
  url: string,
  log: Logger,
  limits: RedisLimits = REDIS_LIMITS,
): Promise<Redis> {
  const address = readRedisUrl(url)
  if (!address) throw new TypeError('This is no URL of a Redis')
  const { commands, subscriber } = await connect(address, limits)
  const presence = new Presence(commands, subscriber, log)
  const close = () => {
    presence.close()
    commands.disconnect()
    subscriber.disconnect()
  }
  try {
    await Promise.all([commands.connect(), subscriber.connect()])
    await refuseUnfit(commands, address)
  } catch (error) {
    close()
    throw describeUnreachableRedis(presence.lastError ?? error, address)
  }
  presence.begin()
  return { commands, bus: openBus(commands, subscriber, address.kind === 'cluster'), presence, close }
}

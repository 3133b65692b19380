import type { Cluster, Redis as Client } from 'ioredis'
import { reconnect } from './reconnect.ts'

/** Takes what somebody published. */
export type Hear = (message: string) => void

/**
 * What nodes call out to each other, over channels. Nothing is kept: who does not listen misses it, and so does
 * everybody while Redis is away. Methods reject then.
 */
export interface Bus {
  /**
   * Hears a channel, until what it resolves with is called. It resolves when Redis has acknowledged: whatever is
   * published from then on is heard, in the order in which each node published it. A channel has one listener: the last.
   */
  subscribe(channel: string, hear: Hear): Promise<() => void>
  /** Resolves with how many nodes were reached, this one included where it listens. */
  publish(channel: string, message: string): Promise<number>
  /** How many nodes listen to a channel, this one included. */
  listeners(channel: string): Promise<number>
}

/**
 * KEYS[1] the channel. Each node counts for itself, and PUBSUB, which names no key, is sent to any of them; a script goes
 * to the node that has the channel.
 */
const COUNT_ON_SHARD = `return redis.call('PUBSUB', 'SHARDNUMSUB', KEYS[1])[2]`

/** As ioredis says it. */
function isLate(error: unknown): boolean {
  return error instanceof Error && error.message === 'Command timed out'
}

/**
 * In a cluster a channel belongs to the node that has the slot of its name, so that nobody else is bothered and the
 * counts are true.
 */
export function openBus(commands: Client | Cluster, subscriber: Client | Cluster, sharded: boolean): Bus {
  const heard = new Map<string, Hear>()
  subscriber.on(sharded ? 'smessage' : 'message', (channel: string, message: string) => {
    heard.get(channel)?.(message)
  })
  const leave = (channel: string): Promise<unknown> =>
    sharded ? subscriber.sunsubscribe(channel) : subscriber.unsubscribe(channel)

  return {
    async subscribe(channel, hear) {
      heard.set(channel, hear)
      try {
        await (sharded ? subscriber.ssubscribe(channel) : subscriber.subscribe(channel))
      } catch (error) {
        if (heard.get(channel) === hear) heard.delete(channel)
        // Nobody knows then what is heard: with a new connection, all that is wanted is asked for again (`Presence`).
        if (isLate(error) && !('nodes' in subscriber)) reconnect(subscriber)
        throw error
      }
      return () => {
        if (heard.get(channel) !== hear) return
        heard.delete(channel)
        // While Redis is away there is nothing to leave, and the connection to come knows of no channel but ours.
        leave(channel).catch(() => undefined)
      }
    },
    async publish(channel, message) {
      return Number(
        await (sharded ? commands.spublish(channel, message) : commands.publish(channel, message)),
      )
    },
    async listeners(channel) {
      if (sharded) return Number(await commands.eval(COUNT_ON_SHARD, 1, channel))
      const counts = await commands.pubsub('NUMSUB', channel)
      return Array.isArray(counts) ? Number(counts[1] ?? 0) : 0
    },
  }
}

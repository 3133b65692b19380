import { EventEmitter } from 'node:events'
import { createAdapter } from '@socket.io/redis-adapter'
import type { Namespace } from 'socket.io'
import type { Redis } from '../../server/infra/redis/redis.ts'

type Hear = (channel: string, message: Buffer) => void

/**
 * Socket.IO's own adapter, for what one node says to all others in a namespace, over the bus that we have: given a
 * connection of ioredis itself, it would leave rejections to nobody while Redis is away, and hear every channel of ours.
 * Rooms that span nodes are not for it: delivery is ours.
 */
export function joinNodes(namespace: Namespace, { bus, presence }: Pick<Redis, 'bus' | 'presence'>): void {
  const publisher = new EventEmitter()
  const subscriber = new EventEmitter()
  const leave = new Map<string, () => void>()
  const wanted = new Set<string>()

  function hear(channel: string): void {
    const listening = bus.subscribe(channel, (message) => {
      subscriber.emit('messageBuffer', ...([channel, Buffer.from(message)] satisfies Parameters<Hear>))
    })
    listening.then(
      (left) => {
        if (wanted.has(channel)) leave.set(channel, left)
        else left()
      },
      // Redis is away: once it is back.
      () => undefined,
    )
  }
  presence.on('back', () => {
    for (const channel of wanted) if (!leave.has(channel)) hear(channel)
  })

  namespace.adapter = createAdapter(
    Object.assign(publisher, {
      publish(channel: string, message: string): void {
        bus.publish(channel, message).catch(() => undefined)
      },
    }),
    Object.assign(subscriber, {
      psubscribe: () => undefined,
      punsubscribe: () => undefined,
      subscribe(channels: string | readonly string[]): void {
        for (const channel of [channels].flat()) {
          wanted.add(channel)
          hear(channel)
        }
      },
      unsubscribe(channels: string | readonly string[]): void {
        for (const channel of [channels].flat()) {
          wanted.delete(channel)
          leave.get(channel)?.()
          leave.delete(channel)
        }
      },
    }),
  )(namespace)
}

import { KEYS } from '../infra/keys.ts'
import type { Redis } from '../infra/redis/redis.ts'

/** How nodes tell each other of turns that nobody runs. What is not heard is found by everybody's next look. */
export interface LeftTurns {
  /** Some were left: others had better look at once. */
  tell(): void
  /** Calls `look` whenever others have left some. */
  hear(look: () => void): void
}

/** There is no other node. */
export const NOBODY_TO_TELL: LeftTurns = { tell: () => undefined, hear: () => undefined }

/** Over one channel that all nodes hear. */
export function createLeftTurns({ bus, presence }: Pick<Redis, 'bus' | 'presence'>): LeftTurns {
  const channel = KEYS.leftTurns()
  return {
    tell() {
      bus.publish(channel, '').catch(() => undefined)
    },
    hear(look) {
      let heard = false
      const subscribe = () => {
        if (heard) return
        heard = true
        bus.subscribe(channel, look).catch(() => (heard = false))
      }
      // A connection that comes back hears again by itself what it once heard.
      presence.on('back', subscribe)
      subscribe()
    },
  }
}

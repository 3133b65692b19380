import { RATES } from '../../protocol/limits.ts'
import type { CutOffs } from '../../server/auth/cut-offs.ts'
import type { Logger } from '../../server/infra/logger.ts'
import { createBucket, type Bucket } from '../../server/infra/rate-limit.ts'
import { forgetRequest } from '../engine/forget-request.ts'
import { guardEntrance } from '../entrance.ts'
import { createListener } from '../handle.ts'
import { createEntrance, type EntranceParts } from './entrance.ts'
import { endSession, People } from './people.ts'
import { adminRequests, type RequestParts } from './requests.ts'
import { SessionClock } from './session-clock.ts'
import type { AdminNamespace, AdminSocket } from './socket-types.ts'
import { unwatch } from './watch.ts'

export interface AdminParts extends EntranceParts, RequestParts {
  cutOffs: CutOffs
  log: Logger
  /** False lifts the per-socket rate, for load tests. */
  rateLimits: boolean
  draining: () => boolean
}

/** The namespace of the people of the business: who may enter, what they may ask, when they are sent away. */
export function serveAdmin(namespace: AdminNamespace, parts: AdminParts): void {
  const { log, cutOffs, draining } = parts
  const bucketOf = parts.rateLimits ? ownBucket : () => null
  const listener = createListener({ served: adminRequests(parts), log, bucketOf })
  const enter = createEntrance(parts)
  guardEntrance<AdminSocket>(namespace, {
    ...{ draining, log },
    enter: async (socket) => {
      socket.data.access = await enter(socket)
    },
  })
  cutOffs.add(new People(namespace))

  namespace.on('connection', (socket) => {
    const { data } = socket
    data.watched = new Map()
    data.clock = new SessionClock({
      expiring: () => {
        socket.emit('session:expiring', { expires_at: new Date(data.access.expires_at).toISOString() })
      },
      expired: () => endSession(socket, 'expired'),
    })
    data.clock.set(data.access.expires_at)
    socket.on('disconnect', () => {
      data.clock.stop()
      parts.inbox.unwatch(socket)
      for (const id of [...data.watched.keys()]) unwatch(parts, socket, id)
      socket.conn.close()
    })
    socket.on('error', ignoreBrokenFrame)
    socket.onAny(listener)
    forgetRequest(socket)
  })
}

/** Made with the first request. */
function ownBucket({ data }: AdminSocket): Bucket {
  return (data.bucket ??= createBucket(RATES.socketRequests))
}

/** Socket.IO closes the connection by itself; without a listener it would print a stack for each. */
function ignoreBrokenFrame(): void {
  return
}

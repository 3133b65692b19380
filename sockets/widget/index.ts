import { RATES } from '../../protocol/limits.ts'
import type { CutOffs } from '../../server/auth/cut-offs.ts'
import type { Logger } from '../../server/infra/logger.ts'
import { createBucket, type Bucket, type Occupancy } from '../../server/infra/rate-limit.ts'
import { forgetRequest } from '../engine/forget-request.ts'
import type { FanOut } from '../fanout.ts'
import { guardEntrance } from '../entrance.ts'
import { createListener } from '../handle.ts'
import { enter } from './entrance.ts'
import { createAdmission, type HandshakeParts } from './handshake.ts'
import { sendReady } from './ready.ts'
import { widgetRequests, type RequestParts } from './requests.ts'
import { SocketsByClient } from './sockets-by-client.ts'
import type { WidgetNamespace, WidgetSocket } from './socket-types.ts'
import { VisitorConnection } from './visitor-connection.ts'

export interface WidgetParts extends HandshakeParts, RequestParts {
  cutOffs: CutOffs
  fanout: FanOut
  log: Logger
  /** False lifts the per-socket rate, for load tests. */
  rateLimits: boolean
  /** Sockets of one address; null lifts that limit. */
  occupancy: Occupancy | null
  /** Finds the address that limits count by. */
  addressOf: (socket: WidgetSocket) => string
  draining: () => boolean
}

/** The namespace of visitors: who may enter, what they are told first, what they may ask. */
export function serveWidget(namespace: WidgetNamespace, parts: WidgetParts): void {
  const { conversations, handoffs, telling, fanout, log } = parts
  const introducing = { conversations, handoffs, telling, listeners: fanout }
  const bucketOf = parts.rateLimits ? ownBucket : () => null
  const listener = createListener({ served: widgetRequests(parts), log, bucketOf })
  const admit = createAdmission(parts)
  guardEntrance<WidgetSocket>(namespace, { ...parts, enter: (socket) => enter(socket, parts, admit) })
  const byClient = new SocketsByClient(namespace)
  parts.cutOffs.add(byClient)

  namespace.on('connection', (socket) => {
    const { session } = socket.data
    const connection = new VisitorConnection(socket)
    byClient.enter(session.client_id)
    fanout.join(session.id, connection)
    socket.on('disconnect', () => {
      byClient.leave(session.client_id)
      if (fanout.leave(session.id, connection)) conversations.setTyping(session, false)
      // Who leaves the namespace may not keep the raw connection, whose time to join one is over.
      socket.conn.close()
    })
    socket.on('error', ignoreBrokenFrame)
    socket.onAny(listener)
    forgetRequest(socket)
    void sendReady(introducing, socket, connection, log)
  })
}

/** Made with the first request: most sockets never ask anything. */
function ownBucket({ data }: WidgetSocket): Bucket {
  return (data.bucket ??= createBucket(RATES.socketRequests))
}

/** Socket.IO closes the connection by itself; without a listener it would print a stack for each. */
function ignoreBrokenFrame(): void {
  return
}

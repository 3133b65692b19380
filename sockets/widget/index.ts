import { RATES } from '../../protocol/limits.ts'
import { refuse, succeed } from '../../protocol/result.ts'
import { WIDGET_REQUESTS } from '../../protocol/widget.ts'
import type { Conversations } from '../../server/conversation/conversations.ts'
import type { Logger } from '../../server/infra/logger.ts'
import { createBucket, takeAll, type Occupancy } from '../../server/infra/rate-limit.ts'
import type { CompileSchema } from '../../server/infra/validate.ts'
import type { FanOut } from '../fanout.ts'
import { handle, refuseUnknown } from '../handle.ts'
import { guardEntrance } from './entrance.ts'
import type { HandshakeParts } from './handshake.ts'
import { sendReady, synced } from './ready.ts'
import type { WidgetNamespace, WidgetSocket } from './socket-types.ts'
import { VisitorConnection } from './visitor-connection.ts'

export interface WidgetParts extends HandshakeParts {
  conversations: Conversations
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

/** The namespace of visitors: who may enter, and every event it serves. */
export function serveWidget(namespace: WidgetNamespace, parts: WidgetParts): void {
  const validators = compileRequests(parts.compile)
  const known = new Set<string>(Object.keys(WIDGET_REQUESTS))
  guardEntrance(namespace, parts)

  namespace.on('connection', (socket) => {
    const { conversations, fanout, log } = parts
    const { session, address } = socket.data
    const connection = new VisitorConnection(socket)
    fanout.join(session.id, connection)
    socket.on('disconnect', () => {
      if (fanout.leave(session.id, connection)) conversations.setTyping(session, false)
    })

    const requests = { log, bucket: parts.rateLimits ? createBucket(RATES.socketRequests) : null }
    handle(socket, requests, 'message:send', validators['message:send'], async (message) => {
      const allowance = await takeAll(parts.limits, [
        { key: `messages:${session.id}`, perMinute: RATES.visitorMessagesPerMinute },
        { key: `messages:${address}`, perMinute: RATES.addressMessagesPerMinute },
      ])
      if (allowance.allowed) return conversations.receive(session, message)
      const kind = 'messages'
      socket.emit('limit:reached', { kind, retry_after_ms: allowance.retryAfterMs })
      return refuse('rate_limited', undefined, allowance.retryAfterMs)
    })
    handle(socket, requests, 'session:sync', validators['session:sync'], async (cursor) =>
      succeed(await synced(conversations, session, cursor)),
    )
    handle(socket, requests, 'history:load', validators['history:load'], async (query) =>
      succeed(await conversations.history(session, query)),
    )
    handle(socket, requests, 'reply:stop', validators['reply:stop'], (stop) =>
      conversations.stop(session, stop),
    )
    handle(socket, requests, 'typing:set', validators['typing:set'], ({ typing }) => {
      conversations.setTyping(session, typing)
      return succeed({})
    })
    handle(socket, requests, 'conversation:end', validators['conversation:end'], () =>
      conversations.end(session),
    )
    handle(socket, requests, 'conversation:start', validators['conversation:start'], () =>
      conversations.start(session),
    )
    refuseUnknown(socket, known)

    void sendReady(conversations, socket, connection, log)
  })
}

function compileRequests(compile: CompileSchema) {
  return {
    'message:send': compile(WIDGET_REQUESTS['message:send'].payload),
    'session:sync': compile(WIDGET_REQUESTS['session:sync'].payload),
    'history:load': compile(WIDGET_REQUESTS['history:load'].payload),
    'reply:stop': compile(WIDGET_REQUESTS['reply:stop'].payload),
    'typing:set': compile(WIDGET_REQUESTS['typing:set'].payload),
    'conversation:end': compile(WIDGET_REQUESTS['conversation:end'].payload),
    'conversation:start': compile(WIDGET_REQUESTS['conversation:start'].payload),
  }
}

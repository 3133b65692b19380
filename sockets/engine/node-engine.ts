import { createServer, type IncomingMessage, type Server as HttpServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { getRequestListener } from '@hono/node-server'
import { Server as EngineServer } from 'engine.io'
import type { Logger } from 'pino'
import { plainProblem } from '../../server/http/problem.ts'
import type { Fetch } from '../../server/http/fetch.ts'
import type { Engine } from './engine.ts'
import { ENGINE_LIMITS, ENGINE_OPTIONS, SOCKET_PATH } from './limits.ts'
import { endClosedConnections } from './node-closing.ts'
import { closeSlowReaders } from './node-slow-readers.ts'

/** HTTP on node:http and Socket.IO on ws: for platforms without a uWebSockets.js binary, and to compare with it. */
export function createNodeEngine(parts: { log: Logger; fallbackReason?: string }): Engine {
  const { log, fallbackReason } = parts
  const http = createServer({
    maxHeaderSize: ENGINE_LIMITS.headerBytes,
    headersTimeout: ENGINE_LIMITS.headersTimeout,
    requestTimeout: ENGINE_LIMITS.requestTimeout,
    keepAliveTimeout: ENGINE_LIMITS.keepAliveTimeout,
    connectionsCheckingInterval: ENGINE_LIMITS.headersTimeout / 2,
  })
  const engine = new EngineServer(ENGINE_OPTIONS)
  closeSlowReaders(engine)
  endClosedConnections(engine)
  const upgraded = new Set<Duplex>()
  let spoken = false
  http.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    upgraded.add(socket)
    socket.on('close', () => upgraded.delete(socket))
    if (spoken && pathOf(request) === SOCKET_PATH) engine.handleUpgrade(request, socket, head)
    else refuseUpgrade(socket)
  })

  return {
    kind: 'node',
    ...(fallbackReason === undefined ? {} : { fallbackReason }),
    attach(io) {
      spoken = true
      io.bind(engine)
    },
    serve(fetch) {
      const answer = answerWith(fetch, log)
      http.on('request', (request, response) => void answer(request, response))
    },
    listen: (host, port) => listen(http, host, port),
    stopListening() {
      if (http.listening) http.close()
      http.closeIdleConnections()
    },
    close() {
      engine.close()
      for (const socket of upgraded) socket.destroy()
      return closeAll(http)
    },
  }
}

function answerWith(fetch: Fetch, log: Logger): ReturnType<typeof getRequestListener> {
  return getRequestListener(
    async (request, { incoming }) => {
      const { socket } = incoming
      const peer = { address: socket.remoteAddress ?? '', hangUp: () => void socket.destroy() }
      try {
        return await fetch(request, peer)
      } catch (error) {
        log.error({ err: error }, 'a request could not be answered')
        return plainProblem('internal')
      }
    },
    { overrideGlobalObjects: false, errorHandler: () => plainProblem('invalid_payload') },
  )
}

function pathOf(request: IncomingMessage): string | undefined {
  return request.url?.split('?', 1)[0]
}

/** Nothing but Socket.IO is upgraded to. */
function refuseUpgrade(socket: Duplex): void {
  socket.on('error', () => socket.destroy())
  socket.end('HTTP/1.1 404 Not Found\r\nconnection: close\r\ncontent-length: 0\r\n\r\n')
}

function listen(http: HttpServer, host: string, port: number): Promise<{ port: number }> {
  return new Promise((resolve, reject) => {
    http.once('error', reject)
    http.listen({ host, port }, () => {
      http.off('error', reject)
      resolve({ port: (http.address() as AddressInfo).port })
    })
  })
}

function closeAll(http: HttpServer): Promise<void> {
  return new Promise((resolve) => {
    http.close(() => resolve())
    http.closeAllConnections()
  })
}

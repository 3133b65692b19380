import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import type { Logger } from '../infra/logger.ts'
import { answerCall, refuse, type DemoAnswer } from './answers.ts'
import { openDiary } from './appointments.ts'
import { readSignedCall, TooLong } from './signed-call.ts'
import { STORES } from './stores.ts'
import { createToolChecks } from './tools.ts'

/** The backend of the demo shop, at work. */
export interface DemoBackend {
  /** Of this machine's loopback. */
  port: number
  close(): Promise<void>
}

export interface DemoParts {
  /** The secrets that sign the demo client's calls. May reject. */
  secrets: () => Promise<readonly string[]>
  log: Logger
  /** Milliseconds before it answers. */
  pace?: number
  /** Milliseconds since the epoch. */
  now?: () => number
}

/** As long as a workflow takes: one sees that something is at work. */
const PACE = 700

/** Milliseconds for a request to arrive, and connections at once. */
const ARRIVES_WITHIN = 5_000
const MOST_CONNECTIONS = 200

/**
 * Answers what a business would: its four webhooks (`POST /webhook/NAME`), which it verifies as docs/tools.md tells
 * businesses to, and an API of its own (`GET /api/stores`). On a port of the loopback, known to this process alone.
 */
export async function openDemoBackend(parts: DemoParts): Promise<DemoBackend> {
  const { secrets, log, pace = PACE, now = Date.now } = parts
  const answering = { diary: openDiary(now), checkOf: createToolChecks(), now }
  const ending = new AbortController()
  const server = createServer((request, response) => {
    void answer(request)
      .catch((error: unknown): DemoAnswer => {
        if (error instanceof TooLong) return refuse(413, 'The request is too long.')
        log.error({ code: 'demo_backend_failed', err: error }, 'the demo shop could not answer')
        return refuse(500, 'The shop cannot be asked right now.')
      })
      .then((answered) => {
        send(response, answered)
      })
  })
  server.requestTimeout = ARRIVES_WITHIN
  server.maxConnections = MOST_CONNECTIONS
  await listen(server)
  // Nothing stays alive for it.
  server.unref()
  const { port } = server.address() as AddressInfo
  return {
    port,
    close: () => {
      ending.abort()
      return close(server)
    },
  }

  async function answer(request: IncomingMessage): Promise<DemoAnswer> {
    const { method, url = '' } = request
    const path = url.split('?')[0] ?? ''
    const tool = /^\/webhook\/(\w+)$/.exec(path)?.[1]
    if (method === 'GET' && path === '/api/stores') return { status: 200, body: { stores: STORES } }
    if (method !== 'POST' || tool === undefined) return refuse(404, 'There is nothing here.')
    const call = await readSignedCall(request, { secrets: await secrets(), now: now() })
    if (call?.tool !== tool) return refuse(401, 'The signature is missing or wrong.')
    await delay(pace, undefined, { signal: ending.signal }).catch(() => undefined)
    return answerCall(call, answering)
  }
}

function send(response: ServerResponse, { status, body }: DemoAnswer): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', connection: 'close' })
  response.end(JSON.stringify(body))
}

function listen(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      server.off('error', reject)
      resolve()
    })
  })
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => {
      resolve()
    })
    server.closeAllConnections()
  })
}

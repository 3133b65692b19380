import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import type { IncomingHttpHeaders } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildConnector } from 'undici'
import { createOutbound, type Outbound } from '../../server/infra/outbound/index.ts'
import { issueCertificate, makeAuthority } from './certificates.ts'

/** One request as a stand-in got it. */
export interface Received {
  method: string
  host: string
  url: URL
  headers: IncomingHttpHeaders
  text: string
}

/** What is answered; a text goes out as it is, anything else as JSON. Null: nothing, ever. */
export type Reply = { status: number; headers?: Record<string, string>; body: unknown } | null

/** A server on the internet, as far as whoever goes through `outbound` can tell. */
export interface TlsStandIn {
  /** Reaches these names alone, by https, through the guard that everything outside is reached through. */
  outbound: Outbound
  /** The requests, in their order. */
  received: Received[]
  close(): Promise<void>
}

/** Answers under `names` on port 443, as far as anybody can see, with a certificate that is checked. */
export async function startTlsStandIn(
  names: readonly string[],
  answer: (request: Received) => Reply,
): Promise<TlsStandIn> {
  const folder = mkdtempSync(join(tmpdir(), 'stand-in-'))
  const authority = makeAuthority(folder, 'authority')
  const issued = issueCertificate(
    folder,
    authority,
    names.map((name) => `DNS:${name}`),
  )
  const [key, cert, ca] = [issued.key, issued.certificate, authority.certificate].map((file) =>
    readFileSync(file),
  )
  rmSync(folder, { recursive: true })
  const received: Received[] = []
  const sockets = new Set<{ destroy(): unknown }>()
  const server = createServer({ key, cert }, (request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('error', () => undefined)
    request.on('end', () => {
      const { method = '', headers } = request
      const host = headers.host ?? ''
      const url = new URL(request.url ?? '', `https://${host}`)
      const got = { method, host, url, headers, text: Buffer.concat(chunks).toString('utf8') }
      received.push(got)
      const reply = answer(got)
      if (!reply) return
      const { status, body } = reply
      const type = typeof body === 'string' ? 'text/html; charset=UTF-8' : 'application/json; charset=utf-8'
      response
        .writeHead(status, { 'content-type': type, ...reply.headers })
        .end(typeof body === 'string' ? body : JSON.stringify(body))
    })
  })
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const connect = buildConnector({ ca: ca! })
  const outbound = createOutbound({
    allow: names.map((name) => `${name}:443`),
    resolve: (name) => Promise.resolve(names.includes(name) ? ['127.0.0.1'] : []),
    open: (options, callback) => connect({ ...options, port: String(port) }, callback),
  })
  return {
    outbound,
    received,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const socket of sockets) socket.destroy()
      }),
  }
}

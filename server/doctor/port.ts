import { createServer } from 'node:net'
import type { Config } from '../config/config.ts'
import { findingsOf, type Finding } from './finding.ts'

/** Milliseconds that a server which runs has to answer. */
const ANSWER_MS = 3_000

/** Whether the server could listen; and if something listens there already, whether it is a Parlor that serves. */
export async function examinePort({ host, port }: Config['http']): Promise<Finding[]> {
  const { ok, warning, problem } = findingsOf('Port')
  const place = `${host}:${port}`
  const code = await tryToListen(host, port)
  if (code === null) return [ok(port === 0 ? `any free port of ${host}` : `${place} is free`)]
  if (code !== 'EADDRINUSE') {
    return [problem(`Nothing can listen on ${place} (${code}). Correct HOST or PORT.`)]
  }
  const version = await versionOf(host, port)
  if (version === null) return [problem(`${place} is taken by something else. Stop it, or set another PORT.`)]
  const running = `Parlor ${version} is running on ${place}`
  const unready = await whyUnready(host, port)
  if (unready === null) return [ok(`${running} and serves`)]
  return [warning(`${running}, but is not ready: ${unready}`)]
}

/** The code of the failure; null when it can be done. */
function tryToListen(host: string, port: number): Promise<string | null> {
  return new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', (error) => resolve('code' in error ? String(error.code) : error.message))
    probe.listen({ host, port, exclusive: true }, () => probe.close(() => resolve(null)))
  })
}

/** The version of the Parlor that answers there; null when it is none. */
async function versionOf(host: string, port: number): Promise<string | null> {
  const health = await ask(host, port, '/healthz')
  return health?.['status'] === 'ok' && typeof health['version'] === 'string' ? health['version'] : null
}

async function whyUnready(host: string, port: number): Promise<string | null> {
  const answer = await ask(host, port, '/readyz')
  if (answer?.['status'] === 'ready') return null
  return typeof answer?.['message'] === 'string' ? answer['message'] : 'it does not answer in time.'
}

async function ask(host: string, port: number, path: string): Promise<Record<string, unknown> | null> {
  const reachable = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host
  const url = `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}${path}`
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(ANSWER_MS), redirect: 'manual' })
    return (await response.json()) as Record<string, unknown> | null
  } catch {
    return null
  }
}

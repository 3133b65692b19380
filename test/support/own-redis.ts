import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A Redis that one suite has for itself, to be ended, started and frozen under whoever uses it. It keeps nothing. */
export interface OwnRedis {
  url: string
  port: number
  /** Crashes it, and waits. */
  stop(): Promise<void>
  /** Starts it again at the same address, empty. Resolves when it takes connections. */
  start(): Promise<void>
  /** It does nothing until `thaw`; connections stay, and new ones are not answered. */
  freeze(): void
  thaw(): void
  /** Ends it for good and leaves nothing behind. */
  close(): Promise<void>
}

export interface OwnRedisSettings {
  /** Further settings, as redis.conf has them: `['--requirepass', 'secret']`. */
  settings?: string[]
  /** Serves over TLS and nothing else. */
  certificate?: { certificate: string; key: string; authority: string }
  /** Where it is told to listen to; a free port otherwise. */
  port?: number
}

/** Starts one. Throws where redis-server is not to be had. */
export async function startOwnRedis(settings: OwnRedisSettings = {}): Promise<OwnRedis> {
  const folder = mkdtempSync(join(tmpdir(), 'parlor-redis-'))
  const port = settings.port ?? (await freePort())
  const parameters = parametersOf(folder, port, settings)
  let server = await run(parameters)
  return {
    port,
    url: `${settings.certificate ? 'rediss' : 'redis'}://127.0.0.1:${port}`,
    stop: () => end(server),
    async start() {
      server = await run(parameters)
    },
    freeze: () => server.kill('SIGSTOP'),
    thaw: () => server.kill('SIGCONT'),
    async close() {
      await end(server)
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function parametersOf(
  folder: string,
  port: number,
  { settings = [], certificate }: OwnRedisSettings,
): string[] {
  const place = certificate
    ? [
        ...['--port', '0', '--tls-port', String(port), '--tls-auth-clients', 'no'],
        ...['--tls-cert-file', certificate.certificate, '--tls-key-file', certificate.key],
        ...['--tls-ca-cert-file', certificate.authority],
      ]
    : ['--port', String(port)]
  return [...place, '--bind', '127.0.0.1', '--dir', folder, '--save', '', '--appendonly', 'no', ...settings]
}

/** Starts `redis-server` and resolves when it takes connections. */
export async function run(parameters: string[]): Promise<ChildProcess> {
  const program = process.env['REDIS_SERVER'] ?? 'redis-server'
  const server = spawn(program, parameters, { stdio: ['ignore', 'pipe', 'ignore'] })
  await new Promise<void>((resolve, reject) => {
    let said = ''
    server.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString()
      if (/Ready to accept connections|Sentinel ID is/.test(said)) resolve()
    })
    server.once('error', reject)
    server.once('exit', () => reject(new Error(`redis-server did not start: ${said.slice(-500)}`)))
  })
  return server
}

/** Crashes a process, and waits. */
export async function end(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return
  const exit = once(server, 'exit')
  server.kill('SIGKILL')
  await exit
}

/** One that nobody has right now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

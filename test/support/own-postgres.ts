import { spawnSync, type ChildProcess } from 'node:child_process'
import { chownSync, cpSync } from 'node:fs'
import { join } from 'node:path'

/** A Postgres that one suite has for itself, to be ended, started and frozen under whoever uses it. */
export interface OwnPostgres {
  url: string
  /**
   * Ends it and waits. `fast` tells its clients and writes everything down; `immediate` is a crash of every process
   * of it, which loses nothing that was committed.
   */
  stop(mode: 'fast' | 'immediate'): Promise<void>
  /** Starts it again at the same address. Resolves when it takes connections. */
  start(): Promise<void>
  /** No process of it does anything until `thaw`; connections stay, and new ones are not answered. */
  freeze(): void
  thaw(): void
  /** Ends it for good and leaves nothing behind. */
  close(): Promise<void>
}

/** The files of a server's certificate. */
export interface ServerCertificate {
  certificate: string
  key: string
}

export interface OwnPostgresSettings {
  connections?: number
  /** Serves over TLS as well. */
  certificate?: ServerCertificate
}

/** Makes one and starts it. Throws where initdb and postgres cannot be found. */
export async function startOwnPostgres(settings: OwnPostgresSettings = {}): Promise<OwnPostgres> {
  const { makePostgres, end, find } = await loadScripts()
  const bin = find()
  if (bin === null) throw new Error('initdb and postgres are needed: set PG_BIN to their folder')
  const { certificate, connections = 60 } = settings
  // Without fsync a crash of the machine would lose something, and one of the server's processes does not.
  const tuned = ['fsync=off', 'full_page_writes=off', `max_connections=${connections}`]
  const cluster = await makePostgres(bin, [...tuned, ...(certificate ? ['ssl=on'] : [])])
  if (certificate) install(certificate, cluster)
  let server = await cluster.run()
  return {
    url: cluster.url,
    async stop(mode) {
      await end(server, mode === 'fast' ? 'SIGINT' : 'SIGQUIT')
    },
    async start() {
      server = await cluster.run()
    },
    // The postmaster first, or it would mend what has fallen silent.
    freeze: () => signalAll(server, 'SIGSTOP'),
    thaw: () => signalAll(server, 'SIGCONT'),
    async close() {
      signalAll(server, 'SIGCONT')
      await end(server, 'SIGQUIT')
      cluster.remove()
    },
  }
}

interface Cluster {
  url: string
  data: string
  user: { uid?: number; gid?: number }
  run: () => Promise<ChildProcess>
  remove: () => void
}

interface Scripts {
  makePostgres: (bin: string, settings: readonly string[]) => Promise<Cluster>
  end: (server: ChildProcess, signal: 'SIGINT' | 'SIGQUIT') => Promise<void>
  find: () => string | null
}

/** The scripts that run the tests have found Postgres before; they are plain JavaScript. */
async function loadScripts(): Promise<Scripts> {
  const load = (name: string) => import(new URL(`../../scripts/${name}`, import.meta.url).href)
  const postgres = (await load('postgres.mjs')) as Pick<Scripts, 'makePostgres' | 'end'>
  const services = (await load('services.mjs')) as { findPostgresPrograms: Scripts['find'] }
  return { ...postgres, find: services.findPostgresPrograms }
}

/** Postgres takes a key only of its own user, and one that nobody else can read. */
function install({ certificate, key }: ServerCertificate, { data, user }: Cluster): void {
  for (const [from, name] of [
    [certificate, 'server.crt'],
    [key, 'server.key'],
  ] as const) {
    const to = join(data, name)
    cpSync(from, to)
    if (user.uid !== undefined && user.gid !== undefined) chownSync(to, user.uid, user.gid)
  }
}

function signalAll(server: ChildProcess, signal: NodeJS.Signals): void {
  if (server.pid === undefined || server.exitCode !== null || server.signalCode !== null) return
  process.kill(server.pid, signal)
  for (const child of childrenOf(server.pid)) {
    try {
      process.kill(child, signal)
    } catch {
      // It has ended by itself in between.
    }
  }
}

/** Every backend is a child of the postmaster, and leads a group of its own. */
function childrenOf(pid: number): number[] {
  const { stdout } = spawnSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' })
  return stdout
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number))
    .flatMap(([child, parent]) => (child !== undefined && parent === pid ? [child] : []))
}

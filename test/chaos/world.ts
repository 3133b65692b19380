import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Random } from '../heart/random.ts'
import { makeDataFolder } from '../support/databases.ts'
import { startOwnPostgres, type OwnPostgres } from '../support/own-postgres.ts'
import { startParlor, type ParlorProcess } from '../support/parlor-process.ts'
import { startSeverableProxy, type SeverableProxy } from '../support/severable-proxy.ts'
import type { Fault, ProviderMood } from './plan.ts'
import type { ChaosVisitor } from './visitor.ts'

/** A drain may take this long, in ms; then the process must have ended. */
const DRAIN_WITHIN = 30_000

/** The server, its database, its model's vendor and the network to it: everything that faults happen to. */
export class World {
  readonly network: SeverableProxy
  readonly breaches: string[] = []
  /** Everything that servers wrote, of those before too. */
  readonly said: string[] = []
  readonly counts: Record<string, number> = {}
  readonly place: DatabasePlace
  readonly #provider: ChildProcess
  readonly #env: Record<string, string>
  #server: ParlorProcess

  private constructor(parts: WorldParts) {
    this.network = parts.network
    this.place = parts.place
    this.#provider = parts.provider
    this.#env = parts.env
    this.#server = parts.server
  }

  static async start(kind: 'postgres' | 'embedded'): Promise<World> {
    const { provider, url, key } = await startProvider()
    const place = await makePlace(kind)
    const env = {
      ...place.env,
      ...{ RATE_LIMITS: 'off', SEED_DEMO: 'true', LOG_LEVEL: 'info', PORT: '0', DATABASE_POOL: '8' },
      ...{ LLM_PROVIDER: 'claude', ANTHROPIC_API_KEY: key, ANTHROPIC_BASE_URL: url },
    }
    const server = startParlor(['start'], env)
    try {
      const network = await startSeverableProxy(await addressOf(server))
      return new World({ network, place, provider, env, server })
    } catch (error) {
      server.child.kill('SIGKILL')
      provider.disconnect()
      await place.close()
      throw error
    }
  }

  /** Lets one fault happen. Resolves when it is over, or when what it does for a while has begun. */
  async suffer(fault: Fault, visitors: readonly ChaosVisitor[], random: Random): Promise<void> {
    this.counts[fault.kind] = (this.counts[fault.kind] ?? 0) + 1
    switch (fault.kind) {
      case 'kill':
        return this.#replace('SIGKILL')
      case 'terminate':
        return this.#replace('SIGTERM')
      case 'freeze':
        this.#server.child.kill('SIGSTOP')
        await delay(fault.ms)
        this.#server.child.kill('SIGCONT')
        return
      case 'restart-postgres':
        await this.place.postgres?.stop(fault.mode)
        await delay(fault.ms)
        return this.place.postgres?.start()
      case 'freeze-postgres':
        this.place.postgres?.freeze()
        await delay(fault.ms)
        this.place.postgres?.thaw()
        return
      case 'provider':
        forAWhile(fault.ms, this.#mood(fault.mood), this.#mood('calm'))
        return
      case 'cut-all':
        this.network.sever()
        this.network.mend()
        return
      case 'cut-bytes': {
        const draw = () => random.between(fault.least, fault.most)
        const cut = (drawn: (() => number) | null) => () => this.network.cutAfter(drawn)
        forAWhile(fault.ms, cut(draw), cut(null))
        return
      }
      case 'stop-reading':
        for (let left = fault.readers; left > 0; left--) random.pick(visitors).stopReading(fault.ms)
    }
  }

  /** Ends the server as an operator does; its end must be in time and in good order. */
  async stopServer(): Promise<void> {
    await this.#end('SIGTERM')
  }

  async close(): Promise<void> {
    this.#server.child.kill('SIGKILL')
    await this.#server.ended
    this.#provider.disconnect()
    await this.network.close()
    await this.place.close()
  }

  async #replace(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    await this.#end(signal)
    this.#server = startParlor(['start'], this.#env)
    this.network.mend(await addressOf(this.#server))
  }

  async #end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const began = performance.now()
    const { child, ended, said } = this.#server
    const early = child.exitCode !== null
    child.kill(signal)
    const { code } = await ended
    const took = Math.round(performance.now() - began)
    this.said.push(said.out, said.err)
    if (early) this.breaches.push(`the server had ended by itself with code ${code}`)
    else if (signal === 'SIGTERM' && (code !== 0 || took > DRAIN_WITHIN))
      this.breaches.push(`the server ended with code ${code} after ${took} ms`)
  }

  #mood(mood: ProviderMood): () => void {
    return () => {
      if (this.#provider.connected) this.#provider.send(mood)
    }
  }
}

/** Begins something that nobody waits for the end of. */
function forAWhile(ms: number, begin: () => void, end: () => void): void {
  begin()
  setTimeout(end, ms)
}

interface WorldParts {
  network: SeverableProxy
  place: DatabasePlace
  provider: ChildProcess
  env: Record<string, string>
  server: ParlorProcess
}

/** Where everything is kept. */
export interface DatabasePlace {
  env: Record<string, string>
  url?: string
  dir?: string
  postgres?: OwnPostgres
  close: () => Promise<void>
}

async function makePlace(kind: 'postgres' | 'embedded'): Promise<DatabasePlace> {
  if (kind === 'embedded') {
    const { dir, remove } = await makeDataFolder()
    return { dir, env: { DATA_DIR: dir }, close: remove }
  }
  const postgres = await startOwnPostgres()
  const { url } = postgres
  return { url, postgres, env: { DATABASE_URL: url }, close: () => postgres.close() }
}

async function startProvider(): Promise<{ provider: ChildProcess; url: string; key: string }> {
  const provider = fork(join(import.meta.dirname, 'provider-process.ts'), [], {
    execArgv: ['--import', 'tsx'],
  })
  const [told] = (await once(provider, 'message')) as [{ url: string; key: string }]
  return { provider, ...told }
}

/** On a real Postgres there is a line of the log, else a block for people. */
async function addressOf(server: ParlorProcess): Promise<string> {
  const [, block, line] = await server.says(/Demo shop\s+(http:\S+)\/demo|"url":"(http:[^"]+)"/)
  return block ?? line ?? ''
}

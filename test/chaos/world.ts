import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import { Redis } from 'ioredis'
import type { Random } from '../heart/random.ts'
import { JWT_SECRET } from '../support/person.ts'
import { programOf } from '../support/program.ts'
import { startSeverableProxy, type SeverableProxy } from '../support/severable-proxy.ts'
import { Cluster, type Node } from './cluster.ts'
import type { HistoryBook } from './history.ts'
import { openOutsideWorld, type OutsideWorld } from './outside-world.ts'
import { findOwner } from './owner.ts'
import { openPlaces, type Places } from './places.ts'
import type { Fault, Planned, PlanSettings, ProviderMood } from './plan.ts'
import type { ChaosVisitor } from './visitor.ts'

export interface WorldSettings extends Pick<PlanSettings, 'database' | 'nodes'> {
  book: HistoryBook
  /** A fault that every node has in it. */
  plant?: string
}

/** The nodes, what they share, their model's vendor and the network to them: everything that faults happen to. */
export class World {
  readonly network: SeverableProxy
  readonly cluster: Cluster
  readonly places: Places
  readonly outside: OutsideWorld
  readonly #provider: ChildProcess
  readonly #book: HistoryBook
  readonly #spells = new Set<Promise<void>>()
  readonly #lanes = new Map<string, Promise<void>>()

  private constructor(parts: WorldParts) {
    this.network = parts.network
    this.cluster = parts.cluster
    this.places = parts.places
    this.outside = parts.outside
    this.#provider = parts.provider
    this.#book = parts.book
  }

  static async start({ database, nodes, book, plant }: WorldSettings): Promise<World> {
    const { provider, url, key } = await startProvider()
    const outside = await openOutsideWorld()
    let places: Places | null = null
    try {
      places = await openPlaces(database, nodes)
      const args = ['--effects', outside.url, ...(plant === undefined ? [] : ['--plant', plant])]
      const cluster = await Cluster.start({ nodes, env: envOf(places, url, key), args })
      const network = await startSeverableProxy(() => cluster.route())
      return new World({ network, cluster, places, outside, provider, book })
    } catch (error) {
      provider.disconnect()
      outside.close()
      await places?.close()
      throw error
    }
  }

  /** Lets a fault begin. Resolves as soon as the next one may; `calm` says when it is over. */
  async suffer(planned: Planned, visitors: readonly ChaosVisitor[], random: Random): Promise<void> {
    const isMeasured = planned.calmFor !== undefined
    if (isMeasured) await this.calm()
    const spell = this.#happen(planned, visitors, random).finally(() => this.#spells.delete(spell))
    this.#spells.add(spell)
    if (!isMeasured) return
    await spell
    await delay(planned.calmFor)
  }

  /** Resolves when nothing goes on and every node is well. */
  async calm(): Promise<void> {
    while (this.#spells.size > 0) await Promise.all(this.#spells)
    for (const node of this.cluster.nodes) await this.cluster.untilReady(node)
  }

  async close(): Promise<void> {
    await this.cluster.close()
    this.#provider.disconnect()
    this.outside.close()
    await this.network.close()
    await this.places.close()
  }

  async #happen(fault: Planned, visitors: readonly ChaosVisitor[], random: Random): Promise<void> {
    const begun = (node?: Node) => {
      this.#book.note('world', { op: 'suffers', fault: fault.kind, ...(node && { node: node.name }) })
    }
    switch (fault.kind) {
      case 'kill':
      case 'freeze':
      case 'drain':
        await this.#strike(fault, random, begun)
        break
      case 'rolling restart':
        begun()
        for (const node of this.cluster.nodes) await this.cluster.replace(node, 'SIGTERM')
        break
      default:
        await this.#alone(LANES[fault.kind], async () => {
          begun()
          await this.#disturb(fault, visitors, random)
        })
    }
    this.#book.note('world', { op: 'is over', fault: fault.kind })
  }

  /** What happens to one node. Where no other is well, it is spared. */
  async #strike(
    fault: Extract<Fault, { kind: 'kill' | 'freeze' | 'drain' }>,
    random: Random,
    begun: (node: Node) => void,
  ): Promise<void> {
    const owner = fault.kind === 'drain' ? null : await findOwner(this.places, this.cluster.nodes)
    const node = this.cluster.pick(random, (one) => one === owner)
    if (!node) return
    node.isSuffering = true
    begun(node)
    try {
      if (fault.kind === 'freeze') {
        this.cluster.freeze(node)
        await delay(fault.ms)
        this.cluster.thaw(node)
        await this.cluster.untilReady(node)
      } else await this.cluster.replace(node, fault.kind === 'kill' ? 'SIGKILL' : 'SIGTERM')
    } finally {
      node.isSuffering = false
    }
  }

  /** What happens to everything around the nodes. */
  async #disturb(fault: Disturbance, visitors: readonly ChaosVisitor[], random: Random): Promise<void> {
    const { postgres, redis } = this.places
    switch (fault.kind) {
      case 'kill subscribers':
        return killSubscribers(redis?.url ?? '')
      case 'restart redis':
        await redis?.stop()
        await delay(fault.ms)
        return redis?.start()
      case 'freeze redis':
        return during(
          fault.ms,
          () => redis?.freeze(),
          () => redis?.thaw(),
        )
      case 'restart postgres':
        await postgres?.stop(fault.mode)
        await delay(fault.ms)
        return postgres?.start()
      case 'freeze postgres':
        return during(
          fault.ms,
          () => postgres?.freeze(),
          () => postgres?.thaw(),
        )
      case 'provider':
        return during(
          fault.ms,
          () => this.#setMood(fault.mood),
          () => this.#setMood('calm'),
        )
      case 'cut all':
        this.network.sever()
        this.network.mend()
        return
      case 'cut bytes': {
        const draw = () => random.between(fault.least, fault.most)
        return during(
          fault.ms,
          () => this.network.cutAfter(draw),
          () => this.network.cutAfter(null),
        )
      }
      case 'stop reading':
        for (let left = fault.readers; left > 0; left--) random.pick(visitors).stopReading(fault.ms)
        await delay(fault.ms)
    }
  }

  /** One after the other in a lane: what is away cannot be taken away. */
  async #alone(lane: string, work: () => Promise<void>): Promise<void> {
    const before = this.#lanes.get(lane) ?? Promise.resolve()
    const done = before.then(work)
    this.#lanes.set(lane, done)
    await done
  }

  #setMood(mood: ProviderMood): void {
    if (this.#provider.connected) this.#provider.send(mood)
  }
}

/** A fault of what is around the nodes. */
type Disturbance = Exclude<Fault, { kind: 'kill' | 'freeze' | 'drain' | 'rolling restart' }>

/** What each of them happens to. */
const LANES: Readonly<Record<Disturbance['kind'], string>> = {
  'kill subscribers': 'redis',
  'restart redis': 'redis',
  'freeze redis': 'redis',
  'restart postgres': 'postgres',
  'freeze postgres': 'postgres',
  provider: 'provider',
  'cut all': 'network',
  'cut bytes': 'network',
  'stop reading': 'readers',
}

interface WorldParts {
  network: SeverableProxy
  cluster: Cluster
  places: Places
  outside: OutsideWorld
  provider: ChildProcess
  book: HistoryBook
}

async function during(ms: number, begin: () => void, end: () => void): Promise<void> {
  begin()
  await delay(ms)
  end()
}

/** Cuts every connection over which nodes hear each other. */
async function killSubscribers(url: string): Promise<void> {
  const client = new Redis(url, { lazyConnect: true, retryStrategy: null, maxRetriesPerRequest: 0 })
  client.on('error', () => undefined)
  // A Redis that is not there has no subscribers.
  await client.connect().then(
    () => client.call('CLIENT', 'KILL', 'TYPE', 'pubsub'),
    () => undefined,
  )
  client.disconnect()
}

function envOf(places: Places, url: string, key: string): Record<string, string> {
  return {
    ...places.env,
    ...{ RATE_LIMITS: 'off', SEED_DEMO: 'true', LOG_LEVEL: 'info', PORT: '0', DATABASE_POOL: '8' },
    ...{ LLM_PROVIDER: 'claude', LLM_FALLBACKS: 'none', ANTHROPIC_API_KEY: key, ANTHROPIC_BASE_URL: url },
    JWT_SECRET,
  }
}

async function startProvider(): Promise<{ provider: ChildProcess; url: string; key: string }> {
  const { options, file } = programOf('test/chaos/provider-process.ts')
  const provider = fork(file, [], { execArgv: options })
  const [told] = (await once(provider, 'message')) as [{ url: string; key: string }]
  return { provider, ...told }
}

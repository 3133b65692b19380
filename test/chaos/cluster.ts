import { setTimeout as delay } from 'node:timers/promises'
import type { Random } from '../heart/random.ts'
import { startParlor, type ParlorProcess } from '../support/parlor-process.ts'
import { askOnce } from './http.ts'

/** A node's name stays when its process is replaced. */
export interface Node {
  readonly name: string
  process: ParlorProcess
  url: string
  /** It says that it may be sent visitors. */
  isReady: boolean
  /** A fault happens to it. */
  isSuffering: boolean
}

export interface ClusterSettings {
  nodes: number
  env: Record<string, string>
  /** What each process is told beside its environment. */
  args: string[]
}

/** Milliseconds: between two looks at a node, and until it counts as silent. */
const LOOK_EVERY = 200
const LOOK_WITHIN = 1_000
/** A drain may take this long; then the process must have ended. */
const DRAIN_WITHIN = 30_000
/** How often a process is started that cannot run yet, and the milliseconds between. */
const STARTS = 20
const START_AGAIN_AFTER = 500
const PROGRAM = 'test/chaos/node-process.ts'

/**
 * Nodes as processes of their own, and whoever stands before them and sends each new connection to the next that is
 * ready. Processes that end by themselves, or badly, are breaches.
 */
export class Cluster {
  readonly nodes: Node[] = []
  readonly breaches: string[] = []
  /** All that processes said which are no more, by the name of their node. */
  readonly #said: { name: string; text: string }[] = []
  readonly #settings: ClusterSettings
  readonly #looking: Promise<void>
  #next = 0
  #closed = false

  private constructor(settings: ClusterSettings) {
    this.#settings = settings
    this.#looking = this.#look()
  }

  /** The first alone: it makes the schema. */
  static async start(settings: ClusterSettings): Promise<Cluster> {
    const cluster = new Cluster(settings)
    try {
      cluster.nodes.push(await cluster.#begin('n1'))
      const names = Array.from({ length: settings.nodes - 1 }, (_, index) => `n${index + 2}`)
      cluster.nodes.push(...(await Promise.all(names.map((name) => cluster.#begin(name)))))
      return cluster
    } catch (error) {
      await cluster.close()
      throw error
    }
  }

  /** Where the next connection goes; null where nobody is ready. */
  route(): string | null {
    const ready = this.nodes.filter((node) => node.isReady)
    return ready[this.#next++ % ready.length]?.url ?? null
  }

  /** What the nodes have written, each line under its node's name. */
  get said(): { name: string; text: string }[] {
    const now = this.nodes.map(({ name, process: { said } }) => ({ name, text: `${said.out}\n${said.err}` }))
    return [...this.#said, ...now]
  }

  /** A node that nothing happens to; null where it is the last one that is well. */
  pick(random: Random, prefer?: (node: Node) => boolean): Node | null {
    const well = this.nodes.filter((node) => !node.isSuffering && node.isReady)
    if (well.length === 0 || (this.nodes.length > 1 && well.length < 2)) return null
    const preferred = prefer ? well.filter(prefer) : []
    return random.pick(preferred.length > 0 ? preferred : well)
  }

  freeze(node: Node): void {
    node.process.child.kill('SIGSTOP')
  }

  thaw(node: Node): void {
    node.process.child.kill('SIGCONT')
  }

  /** Ends a process and starts the next under its name. Resolves when that is ready. */
  async replace(node: Node, signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    await this.#end(node, signal)
    const { process, url } = await this.#beginUntilItServes(node.name)
    Object.assign(node, { process, url })
    await this.untilReady(node)
  }

  async untilReady(node: Node): Promise<void> {
    while (!node.isReady && !this.#closed) await delay(LOOK_EVERY)
  }

  /** Ends all as an operator does: each in time and in good order. */
  async stop(): Promise<void> {
    await Promise.all(this.nodes.map((node) => this.#end(node, 'SIGTERM')))
  }

  async close(): Promise<void> {
    this.#closed = true
    await this.#looking
    for (const { process } of this.nodes) {
      process.child.kill('SIGKILL')
      await process.ended
    }
  }

  /** As whatever runs processes does: one that finds no database or Redis is started again. */
  async #beginUntilItServes(name: string): Promise<Node> {
    for (let tries = 1; ; tries++) {
      try {
        return await this.#begin(name)
      } catch (error) {
        if (tries === STARTS || this.#closed) throw error
        await delay(START_AGAIN_AFTER)
      }
    }
  }

  async #begin(name: string): Promise<Node> {
    const { env, args } = this.#settings
    const process = startParlor(args, env, PROGRAM)
    try {
      // On a real Postgres there is a line of the log, else a block for people.
      const [, block, line] = await process.says(/Demo shop\s+(http:\S+)\/demo|"url":"(http:[^"]+)"/)
      return { name, process, url: block ?? line ?? '', isReady: false, isSuffering: false }
    } catch (error) {
      process.child.kill('SIGKILL')
      throw error
    }
  }

  async #end(node: Node, signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const began = performance.now()
    const { child, ended, said } = node.process
    const early = child.exitCode !== null
    child.kill(signal)
    const { code } = await ended
    node.isReady = false
    const took = Math.round(performance.now() - began)
    this.#said.push({ name: node.name, text: `${said.out}\n${said.err}` })
    said.out = ''
    said.err = ''
    if (early) this.breaches.push(`${node.name} had ended by itself with code ${code}`)
    else if (signal === 'SIGTERM' && (code !== 0 || took > DRAIN_WITHIN))
      this.breaches.push(`${node.name} ended with code ${code} after ${took} ms`)
  }

  async #look(): Promise<void> {
    while (!this.#closed) {
      await Promise.all(
        this.nodes.map(async (node) => {
          const { url } = node
          const answer = await askOnce(`${url}/readyz`, { method: 'GET', within: LOOK_WITHIN })
          if (node.url === url) node.isReady = answer?.status === 200
        }),
      )
      await delay(LOOK_EVERY)
    }
  }
}

import { Writable } from 'node:stream'
import { pino } from 'pino'
import { createConversations, type ConversationHeart } from '../../server/conversation/index.ts'
import type { TurnLimits } from '../../server/conversation/limits.ts'
import type { MemoryLimits } from '../../server/conversation/memory-limits.ts'
import type { Publisher } from '../../server/conversation/publisher.ts'
import type { Database } from '../../server/infra/database.ts'
import { describeError, type Logger } from '../../server/infra/logger.ts'
import { createModels } from '../../server/llm/models.ts'
import type { Provider } from '../../server/llm/provider.ts'
import type { AgentTools } from '../../server/agent/run-agent.ts'
import type { Told } from '../support/recorder.ts'
import type { Plant } from './plant.ts'
import type { Random } from './random.ts'
import { SeededProvider, witnessedTools, type Temper } from './seeded-provider.ts'
import { Wire, type LineFaults } from './wire.ts'
import type { Witness } from './witness.ts'

export interface NodeParts {
  name: string
  database: Database
  random: Random
  witness: Witness
  limits: Partial<TurnLimits>
  memory?: Partial<MemoryLimits>
  temper: Temper
  faults?: LineFaults
  plant?: Plant | null
  /** In place of the seeded model and its tools. */
  provider?: Provider
  tools?: AgentTools
}

const LOG_SHOWN = 400

/** The node a request went to is no more. */
export class NodeGone extends Error {}

/** One node with the real heart, whose line to everything else can be cut, frozen and killed. */
export class HeartNode {
  readonly name: string
  readonly wire: Wire
  readonly #heart: ConversationHeart
  readonly #held: Told[] = []
  readonly #witness: Witness
  #dead = false
  readonly #death: Promise<never>
  #die: (error: NodeGone) => void = () => undefined

  constructor(parts: NodeParts) {
    const { name, database, random, witness, limits, plant = null, faults } = parts
    this.name = name
    this.#witness = witness
    const lineChance = random.fork()
    this.wire = new Wire(database, { random: lineChance, witness, plant, ...(faults && { faults }) })
    this.#death = new Promise((_resolve, reject) => (this.#die = reject))
    this.#death.catch(() => undefined)
    const { gate } = this.wire
    this.#heart = createConversations({
      database: this.wire,
      publisher: this.#publisher(),
      models: createModels(parts.provider ?? new SeededProvider(random.fork(), gate, parts.temper)),
      tools: parts.tools ?? witnessedTools(witness, gate),
      limits,
      ...(parts.memory && { memory: parts.memory }),
      log: errorLog(name, witness),
    })
  }

  get isDead(): boolean {
    return this.#dead
  }

  start(): Promise<void> {
    return this.#heart.start()
  }

  /** A request of somebody outside: it ends with the node, if that dies first. */
  ask<T>(work: (heart: ConversationHeart) => Promise<T>): Promise<T> {
    return Promise.race([work(this.#heart), this.#death])
  }

  /** As SIGSTOP is seen from outside: nothing leaves, nothing is heard. */
  freeze(): void {
    this.wire.gate.shut()
  }

  thaw(): void {
    if (this.#dead) return
    this.wire.gate.open()
    for (const told of this.#held.splice(0)) this.#witness.tell(this.name, told)
  }

  /** As SIGKILL: what left, happens; nothing else ever will. */
  kill(): void {
    this.#dead = true
    this.wire.gate.shut()
    this.#die(new NodeGone(`${this.name} was killed`))
    // Ends its timers; whatever else it would do waits at the gate for ever.
    void this.#heart.stop()
  }

  /** Shuts down, but still hears who asks it: what comes is kept for others. */
  leave(): Promise<void> {
    return this.#heart.stop()
  }

  async stop(): Promise<void> {
    await this.leave()
    this.#dead = true
    this.#die(new NodeGone(`${this.name} has stopped`))
  }

  #publisher(): Publisher {
    return {
      publish: (to, event, ...args) => {
        const told = { to, event, args } as Told
        if (this.#dead) return
        if (this.wire.gate.isShut) this.#held.push(told)
        else this.#witness.tell(this.name, told)
      },
      publishTool: () => undefined,
      publishVisitorTyping: () => undefined,
      publishToInbox: () => undefined,
    }
  }
}

/** Writes down what the node logs as an error. */
function errorLog(node: string, witness: Witness): Logger {
  const stream = new Writable({
    write(line: Buffer, _encoding, done) {
      witness.errors.push(`${node}: ${line.toString().trim().slice(0, LOG_SHOWN)}`)
      done()
    },
  })
  return pino({ level: 'error', base: null, serializers: { err: describeError } }, stream)
}

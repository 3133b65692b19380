import { randomUUID } from 'node:crypto'
import type { PersonNamed } from '../../protocol/presence.ts'
import type { Presence } from '../../server/infra/redis/presence.ts'
import type { Lookers, LookersElsewhere } from './lookers.ts'
import type { AdminNamespace } from './socket-types.ts'

/** Who looks at which conversation on one node. */
export interface Looking {
  node: string
  people: Record<string, PersonNamed[]>
  /** Who looks at the same is to answer with theirs. */
  asks: boolean
}

/** How often a node tells again who looks, in milliseconds; and after how long without a word its people are gone. */
const TELL_AGAIN_MS = 10_000
const GONE_AFTER_MS = 30_000

interface Heard {
  people: PersonNamed[]
  /** By `performance.now()`. */
  at: number
}

export interface OtherLookersParts {
  namespace: AdminNamespace
  presence: Pick<Presence, 'on'>
  lookers: Lookers
}

/**
 * What nodes tell each other of who looks: hints, that may get lost and are told again. Only conversations that
 * somebody looks at here are remembered.
 */
export class OtherLookers implements LookersElsewhere {
  readonly #parts: OtherLookersParts
  readonly #node = randomUUID()
  readonly #heard = new Map<string, Map<string, Heard>>()
  readonly #pulse: NodeJS.Timeout

  constructor(parts: OtherLookersParts) {
    this.#parts = parts
    parts.namespace.on('looking', (looking) => {
      this.#hear(looking)
    })
    parts.presence.on('back', () => {
      this.#tellAll(true)
    })
    this.#pulse = setInterval(() => {
      this.#forgetGone()
      this.#tellAll(false)
    }, TELL_AGAIN_MS)
  }

  at(conversationId: string): PersonNamed[] {
    return Array.from(this.#heard.get(conversationId)?.values() ?? [], ({ people }) => people).flat()
  }

  tell(conversationId: string, people: PersonNamed[], isFirst: boolean): void {
    if (people.length === 0) this.#heard.delete(conversationId)
    this.#send({ [conversationId]: people }, isFirst)
  }

  stop(): void {
    clearInterval(this.#pulse)
  }

  #tellAll(asks: boolean): void {
    const { lookers } = this.#parts
    const looked = lookers.conversations()
    if (looked.length === 0) return
    this.#send(Object.fromEntries(looked.map((id) => [id, lookers.here(id)])), asks)
  }

  #send(people: Looking['people'], asks: boolean): void {
    this.#parts.namespace.serverSideEmit('looking', { node: this.#node, people, asks })
  }

  #hear({ node, people, asks }: Looking): void {
    const { lookers } = this.#parts
    const looked = new Set(lookers.conversations())
    const common = Object.entries(people).filter(([id]) => looked.has(id))
    for (const [id, there] of common) {
      lookers.change(id, () => {
        const heard = this.#heard.get(id) ?? new Map<string, Heard>()
        if (there.length > 0) heard.set(node, { people: there, at: performance.now() })
        else heard.delete(node)
        this.#heard.set(id, heard)
      })
    }
    if (asks && common.length > 0)
      this.#send(Object.fromEntries(common.map(([id]) => [id, lookers.here(id)])), false)
  }

  #forgetGone(): void {
    for (const [id, heard] of this.#heard) {
      this.#parts.lookers.change(id, () => {
        for (const [node, { at }] of heard) if (performance.now() - at > GONE_AFTER_MS) heard.delete(node)
      })
    }
  }
}

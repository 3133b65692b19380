import type { PersonNamed } from '../../protocol/presence.ts'
import type { AdminSocket } from './socket-types.ts'

/** How other nodes hear who looks here, and who looks there. */
export interface LookersElsewhere {
  /** Who looks at a conversation on other nodes, as far as is known. */
  at(conversationId: string): PersonNamed[]
  /** These look at it here now. `isFirst`: nobody did before, so nothing is known of others. */
  tell(conversationId: string, people: PersonNamed[], isFirst: boolean): void
}

/** Who of the business looks at which conversation, on this node and as others tell; who looks is told who else does. */
export class Lookers {
  readonly #here = new Map<string, Set<AdminSocket>>()
  #elsewhere: LookersElsewhere | null = null

  /** There are other nodes. */
  joinWith(elsewhere: LookersElsewhere): void {
    this.#elsewhere = elsewhere
  }

  /** Everybody who looks, by name; several tabs are one person. */
  present(conversationId: string): PersonNamed[] {
    const all = [...this.here(conversationId), ...(this.#elsewhere?.at(conversationId) ?? [])]
    const people = [...new Map(all.map((person) => [person.id, person])).values()]
    return people.sort((a, b) => a.name.localeCompare(b.name) || (a.id < b.id ? -1 : 1))
  }

  /** Those on this node. */
  here(conversationId: string): PersonNamed[] {
    return Array.from(this.#here.get(conversationId) ?? [], ({ data: { access } }) => ({
      ...{ id: access.admin_id, name: access.name },
      ...(access.avatar_url !== undefined && { avatar_url: access.avatar_url }),
    }))
  }

  /** The conversations that somebody looks at here. */
  conversations(): string[] {
    return [...this.#here.keys()]
  }

  /** Once more changes nothing. */
  come(socket: AdminSocket, conversationId: string): void {
    const looking = this.#here.get(conversationId)
    if (looking?.has(socket)) return
    const before = this.#knownAs(conversationId)
    this.#here.set(conversationId, (looking ?? new Set()).add(socket))
    this.#elsewhere?.tell(conversationId, this.here(conversationId), looking === undefined)
    this.#tellIfChanged(conversationId, before, socket)
  }

  leave(socket: AdminSocket, conversationId: string): void {
    const looking = this.#here.get(conversationId)
    if (!looking?.has(socket)) return
    const before = this.#knownAs(conversationId)
    looking.delete(socket)
    if (looking.size === 0) this.#here.delete(conversationId)
    this.#elsewhere?.tell(conversationId, this.here(conversationId), false)
    this.#tellIfChanged(conversationId, before)
  }

  /** Does something that may change who is known to look, and tells of it. */
  change(conversationId: string, work: () => void): void {
    const before = this.#knownAs(conversationId)
    work()
    this.#tellIfChanged(conversationId, before)
  }

  /** For each socket here that looks at a conversation. */
  each(conversationId: string, tell: (socket: AdminSocket) => void): void {
    for (const socket of this.#here.get(conversationId) ?? []) tell(socket)
  }

  #tellIfChanged(conversation_id: string, before: string, except?: AdminSocket): void {
    if (this.#knownAs(conversation_id) === before) return
    const present = this.present(conversation_id)
    this.each(conversation_id, (socket) => {
      if (socket !== except) socket.emit('presence:changed', { conversation_id, present })
    })
  }

  #knownAs(conversationId: string): string {
    return this.present(conversationId)
      .map(({ id }) => id)
      .join()
  }
}

import type { ErrorCode } from '../../protocol/errors.ts'
import type { Handoff, Team } from '../../protocol/records.ts'
import type { SessionReady, WidgetEvents } from '../../protocol/widget.ts'
import type { Ask } from './ask.ts'
import type { WidgetEvent } from './line.ts'

export interface PersonPorts {
  ask: Ask
  /** How the conversation stands with regard to a person. */
  onHandoff(handoff: Handoff): void
  /** A wish could not be told. */
  onFailed(code: ErrorCode): void
}

export type Joined = Parameters<WidgetEvents['agent:joined']>[0]

/** The people of the business: whether one is there, can be asked for, has come. */
export class Person {
  /** Who has taken over, as far as it was told since this page began. */
  joined = $state.raw<Joined | null>(null)
  typing = $state(false)
  /** Null before the server has told. */
  team = $state.raw<Team | null>(null)
  asking = $state(false)
  readonly #ports: PersonPorts

  constructor(ports: PersonPorts) {
    this.#ports = ports
  }

  request(): Promise<void> {
    return this.#wish('handoff:request')
  }

  withdraw(): Promise<void> {
    return this.#wish('handoff:withdraw')
  }

  ready({ team }: SessionReady): void {
    this.team = team
  }

  heard(event: WidgetEvent): void {
    if (event.name === 'typing:changed' && event.args[0].author === 'agent')
      this.typing = event.args[0].typing
    if (event.name !== 'agent:joined' && event.name !== 'agent:left') return
    this.joined = event.name === 'agent:joined' ? event.args[0] : null
    this.typing = false
  }

  /** It has answered, or nobody can know any more. */
  pause(): void {
    this.typing = false
  }

  async #wish(name: 'handoff:request' | 'handoff:withdraw'): Promise<void> {
    this.asking = true
    const answer = await this.#ports.ask(name, {})
    this.asking = false
    if (!answer.ok) {
      this.#ports.onFailed(answer.error.code)
      return
    }
    if ('team' in answer.data) this.team = answer.data.team
    this.#ports.onHandoff(answer.data)
  }
}

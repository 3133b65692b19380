import type { WidgetEvent } from './line.ts'

/** The person of the business who has taken over from the AI, as far as one has. */
export class Person {
  name = $state<string | null>(null)
  typing = $state(false)

  heard(event: WidgetEvent): void {
    if (event.name === 'typing:changed' && event.args[0].author === 'agent')
      this.typing = event.args[0].typing
    if (event.name !== 'agent:joined' && event.name !== 'agent:left') return
    this.name = event.name === 'agent:joined' ? event.args[0].name : null
    this.typing = false
  }

  /** It has answered, or nobody can know any more. */
  pause(): void {
    this.typing = false
  }
}

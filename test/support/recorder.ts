import type { WidgetEvents } from '../../protocol/widget.ts'
import type { Address, Publisher, ToolEvent, ToolTold } from '../../server/conversation/publisher.ts'
import { Inbox } from './inbox.ts'

type EventName = keyof WidgetEvents

/** One event as it was published. */
export type Told = {
  [E in EventName]: { to: Address; event: E; args: Parameters<WidgetEvents[E]> }
}[EventName]

/** A publisher that remembers everything. */
export class Recorder implements Publisher {
  readonly told = new Inbox<Told>('event')
  /** What was shown of visitors who type. */
  readonly typing = new Inbox<{ sessionId: string; typing: boolean }>('sign of typing')

  /** What the inbox was told to read again. */
  readonly inbox: Address[] = []

  publish<E extends EventName>(to: Address, event: E, ...args: Parameters<WidgetEvents[E]>): void {
    this.told.put({ to, event, args } as Told)
  }

  publishTool<E extends ToolEvent>(to: Address, event: E, { seen }: ToolTold[E]): void {
    this.told.put({ to, event, args: [seen] } as Told)
  }

  publishToInbox(to: Address): void {
    this.inbox.push(to)
  }

  publishVisitorTyping(sessionId: string, typing: boolean): void {
    this.typing.put({ sessionId, typing })
  }

  /** The arguments of the next event of this name. */
  async next<E extends EventName>(event: E): Promise<Parameters<WidgetEvents[E]>> {
    const told = await this.told.take((one) => one.event === event)
    return told.args as Parameters<WidgetEvents[E]>
  }

  /** The text of a turn's attempt as a client puts it together from the deltas; throws on a gap. */
  streamed(turn: number, attempt: number): string {
    let text = ''
    for (const { event, args } of this.told.all) {
      if (event !== 'reply:delta') continue
      const [ofTurn, ofAttempt, offset, piece] = args
      if (ofTurn !== turn || ofAttempt !== attempt) continue
      if (offset !== text.length) throw new Error(`delta at ${offset}, but ${text.length} units were told`)
      text += piece
    }
    return text
  }

  count(event: EventName): number {
    return this.told.all.filter((one) => one.event === event).length
  }
}

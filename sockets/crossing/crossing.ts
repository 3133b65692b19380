import { randomUUID } from 'node:crypto'
import type { ReplyCursor, RunningReply } from '../../protocol/records.ts'
import type { WidgetEvents } from '../../protocol/widget.ts'
import type { AskedByNodes, BrokenOff, OtherNodes } from '../../server/conversation/other-nodes.ts'
import type { Address, ToolTold } from '../../server/conversation/publisher.ts'
import type { Redis } from '../../server/infra/redis/redis.ts'
import { KEYS } from '../../server/infra/keys.ts'
import {
  decodeFrame,
  encodeFrame,
  type Carried,
  type EventName,
  type Frame,
  type Told,
  type ToldOfTool,
} from './frames.ts'
import { Line, LINE_LIMITS, type LineLimits } from './line.ts'
import { RemoteReply } from './remote-reply.ts'

export interface CrossingParts {
  redis: Pick<Redis, 'bus' | 'presence'>
  limits?: LineLimits
  /** Somebody could not tell us what happened in these last milliseconds. */
  missed: (sessionId: string, withinMs: number) => void
  /** Tells those who listen on this node. */
  deliver: (to: Address, told: Told) => void
  deliverTool: (to: Address, told: ToldOfTool) => void
  deliverTyping: (sessionId: string, typing: boolean) => void
  /** The tools that run for a conversation here. */
  tools: (conversationId: string) => ToolTold['tool:start'][]
}

/** What is known of a session that concerns this node. */
interface Crossed {
  line: Line
  /** Somebody listens here. */
  attached: boolean
  /** Turns of it that run here; others may ask for them. */
  turns: number
  reply: { to: Address; heard: RemoteReply } | null
  /** When a running reply was last asked for, by `performance.now()`. */
  askedAt: number
  /** A person has taken over: nothing of a lower epoch is told any more, however late it comes. */
  taken: { conversation_id: string; epoch: number } | null
}

/** A reply of which pieces are missing is asked for this often at most, in milliseconds: each answer is all of it. */
const ASK_EVERY_MS = 250

type Piece = Parameters<WidgetEvents['reply:delta']>

/**
 * What crosses from node to node, over one channel for each session, and only where somebody there wants it
 * (docs/many-nodes.md). Never waited for by who is served here, and never the truth.
 */
export class Crossing implements OtherNodes {
  readonly #parts: CrossingParts
  readonly #node = randomUUID()
  readonly #sessions = new Map<string, Crossed>()
  #asked: AskedByNodes | null = null

  constructor(parts: CrossingParts) {
    this.#parts = parts
    parts.redis.presence.on('back', () => {
      for (const { line } of this.#sessions.values()) line.subscribeAgain()
    })
  }

  /** Says who answers what other nodes ask. */
  answerWith(asked: AskedByNodes): void {
    this.#asked = asked
  }

  /** The sessions that somebody listens to here. */
  get attached(): string[] {
    return [...this.#sessions].flatMap(([sessionId, { attached }]) => (attached ? [sessionId] : []))
  }

  /** Somebody listens to the session here. */
  attach(sessionId: string): void {
    this.#crossed(sessionId).attached = true
  }

  /** Nobody listens here any more. */
  detach(sessionId: string): void {
    const crossed = this.#sessions.get(sessionId)
    if (!crossed) return
    crossed.attached = false
    this.#letGo(sessionId, crossed)
  }

  /** Resolves when what other nodes say of an attached session is heard here. */
  reached(sessionId: string): Promise<void> {
    return this.#sessions.get(sessionId)?.line.reached ?? Promise.resolve()
  }

  /** Tells other nodes what has happened here. */
  carry<E extends EventName>(to: Address, event: E, args: Parameters<WidgetEvents[E]>): void {
    const crossed = this.#sessions.get(to.session_id)
    // Nearly every call is of this kind: a piece of a reply that only its own visitor hears.
    if (event === 'reply:delta' && crossed?.line.isShut) return
    if (crossed) this.#noteTakeover(to, event, args, crossed)
    this.#carry({ kind: 'event', to, event, args } as Carried)
  }

  carryTool(to: Address, told: ToldOfTool): void {
    this.#carry({ kind: 'tool', to, ...told })
  }

  /** It may overtake what is carried, or get lost. */
  carryTyping(sessionId: string, typing: boolean): void {
    const { bus } = this.#parts.redis
    const here = Number(this.#sessions.get(sessionId)?.line.isHeard ?? false)
    bus.listeners(KEYS.events(sessionId)).then(
      (count) => {
        if (count > here) this.#publish({ kind: 'typing', to: { session_id: sessionId }, typing })
      },
      () => undefined,
    )
  }

  began(to: Address): void {
    const crossed = this.#crossed(to.session_id)
    crossed.turns++
    // What was heard of it was an earlier attempt, elsewhere.
    crossed.reply = null
  }

  ended(to: Address): void {
    const crossed = this.#sessions.get(to.session_id)
    if (!crossed) return
    crossed.turns--
    this.#letGo(to.session_id, crossed)
  }

  ask(to: Address): void {
    const crossed = this.#sessions.get(to.session_id)
    const now = performance.now()
    if (!crossed || now - crossed.askedAt < ASK_EVERY_MS) return
    crossed.askedAt = now
    void crossed.line.reached.then(() => {
      crossed.line.call({ kind: 'ask', to })
    })
  }

  /** Tells those who listen here what was found to have happened elsewhere. */
  tell(to: Address, told: Told | ToldOfTool): void {
    if ('told' in told) {
      this.#parts.deliverTool(to, told)
      return
    }
    const crossed = this.#sessions.get(to.session_id)
    if (told.event === 'reply:end' && crossed) forgetEnded(crossed, to, told.args[0])
    this.#parts.deliver(to, told)
  }

  reply(to: Pick<Address, 'session_id' | 'conversation_id'>, cursor?: ReplyCursor): RunningReply | undefined {
    const reply = this.#sessions.get(to.session_id)?.reply
    return reply?.to.conversation_id === to.conversation_id ? reply.heard.snapshot(cursor) : undefined
  }

  interrupt(to: Address, turn: number, how: BrokenOff): void {
    this.#publish({ kind: 'interrupt', to, turn, how })
  }

  messageArrived(to: Address, seq: number): void {
    this.#publish({ kind: 'arrived', to, seq })
  }

  #carry(frame: Carried): void {
    const crossed = this.#sessions.get(frame.to.session_id)
    if (crossed) crossed.line.carry(frame)
    else this.#publish(frame)
  }

  /** Here or elsewhere: who has taken over may find the owner's last words still on their way. */
  #noteTakeover(
    to: Address,
    event: EventName,
    args: Parameters<WidgetEvents[EventName]>,
    crossed: Crossed,
  ): void {
    if (event !== 'agent:joined') return
    const [{ epoch }] = args as Parameters<WidgetEvents['agent:joined']>
    crossed.taken = { conversation_id: to.conversation_id, epoch }
    if (crossed.reply && crossed.reply.heard.epoch < epoch) crossed.reply = null
  }

  #publish(frame: Frame): void {
    const { bus } = this.#parts.redis
    bus.publish(KEYS.events(frame.to.session_id), encodeFrame(this.#node, frame)).catch(() => undefined)
  }

  #crossed(sessionId: string): Crossed {
    const known = this.#sessions.get(sessionId)
    if (known) return known
    const crossed: Crossed = {
      attached: false,
      turns: 0,
      reply: null,
      askedAt: -Infinity,
      taken: null,
      line: this.#line(sessionId),
    }
    this.#sessions.set(sessionId, crossed)
    return crossed
  }

  #letGo(sessionId: string, crossed: Crossed): void {
    if (crossed.attached || crossed.turns > 0) return
    this.#sessions.delete(sessionId)
    crossed.line.close()
  }

  #line(sessionId: string): Line {
    return new Line({
      bus: this.#parts.redis.bus,
      channel: KEYS.events(sessionId),
      limits: this.#parts.limits ?? LINE_LIMITS,
      encode: (frame) => encodeFrame(this.#node, frame),
      hear: (message) => {
        const frame = decodeFrame(message)
        const crossed = this.#sessions.get(sessionId)
        if (frame && crossed && frame.from !== this.#node) this.#hear(frame, crossed)
      },
    })
  }

  #hear(frame: Frame, crossed: Crossed): void {
    if (frame.kind === 'typing') {
      this.#parts.deliverTyping(frame.to.session_id, frame.typing)
      return
    }
    const { to } = frame
    switch (frame.kind) {
      case 'event':
        this.#hearEvent(frame, crossed)
        return
      case 'ask':
        this.#answer(to, crossed)
        return
      case 'reply':
        this.#hearReply(to, frame.reply, crossed)
        for (const told of frame.tools) this.#parts.deliverTool(to, { event: 'tool:start', told })
        return
      case 'tool':
        this.#parts.deliverTool(to, frame)
        return
      case 'interrupt':
        this.#asked?.interrupt(to.conversation_id, frame.turn, frame.how)
        return
      case 'arrived':
        this.#asked?.messageArrived(to.conversation_id, frame.seq)
        return
      case 'missed':
        this.#parts.missed(to.session_id, frame.withinMs)
        this.ask(to)
    }
  }

  #answer(to: Address, { line }: Crossed): void {
    const reply = this.#asked?.reply(to.conversation_id)
    if (!reply) return
    line.open()
    line.call({ kind: 'reply', to, reply, tools: this.#parts.tools(to.conversation_id) })
  }

  #hearEvent(frame: Frame & { kind: 'event' }, crossed: Crossed): void {
    const { to } = frame
    switch (frame.event) {
      case 'reply:start': {
        const [start] = frame.args
        if (isSilenced(to, start.epoch, crossed)) return
        if (crossed.reply?.to.conversation_id === to.conversation_id && !crossed.reply.heard.isBefore(start))
          break
        crossed.reply = { to, heard: new RemoteReply(start) }
        break
      }
      case 'reply:delta':
        this.#hearPiece(to, frame.args, crossed)
        return
      case 'reply:end':
        forgetEnded(crossed, to, frame.args[0])
        break
      case 'agent:joined': {
        const [{ epoch }] = frame.args
        this.#noteTakeover(to, frame.event, frame.args, crossed)
        this.#asked?.takenOver(to.conversation_id, epoch)
        break
      }
      case 'tool:confirmed':
        this.#asked?.answered(to.conversation_id)
    }
    this.#parts.deliver(to, frame)
  }

  #hearPiece(to: Address, args: Piece, crossed: Crossed): void {
    const [turn, attempt, offset, text] = args
    const heard = crossed.reply?.heard
    const before = heard?.length ?? 0
    const fresh = heard?.is(turn, attempt) ? heard.append(offset, text) : null
    if (fresh === null) this.ask(to)
    else if (fresh !== '')
      this.#parts.deliver(to, { event: 'reply:delta', args: [turn, attempt, before, fresh] })
  }

  /** All that was said so far, by whoever runs the turn. */
  #hearReply(to: Address, reply: RunningReply, crossed: Crossed): void {
    const { turn, attempt, epoch, answers_to, text } = reply
    if (isSilenced(to, epoch, crossed)) return
    const known = crossed.reply?.to.conversation_id === to.conversation_id ? crossed.reply.heard : null
    if (known && !known.is(turn, attempt) && !known.isBefore(reply)) return
    if (!known?.is(turn, attempt)) {
      const start = { turn, attempt, epoch, answers_to }
      crossed.reply = { to, heard: new RemoteReply(start) }
      this.#parts.deliver(to, { event: 'reply:start', args: [start] })
    }
    this.#hearPiece(to, [turn, attempt, 0, text], crossed)
  }
}

function isSilenced(to: Address, epoch: number, { taken }: Crossed): boolean {
  return taken?.conversation_id === to.conversation_id && epoch < taken.epoch
}

/** An end may be told once more when the next reply runs already. */
function forgetEnded(crossed: Crossed, to: Address, { turn }: { turn: number }): void {
  const { reply } = crossed
  if (reply?.to.conversation_id !== to.conversation_id || reply.heard.turn <= turn) crossed.reply = null
}

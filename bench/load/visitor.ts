import { WebSocket } from 'ws'
import { microseconds } from '../provider/stamp.ts'
import { AnswerCheck } from './answer-check.ts'
import type { Dialect, Heard, Piece } from './dialect.ts'
import type { Latencies } from './latencies.ts'

/** What all visitors of a run share. */
export interface Crowd {
  url: string
  latencies: Latencies
  /** Tokens that anybody has heard. */
  heard: number
  /** Answers that were begun anew, because the contender gave an attempt up. */
  restarts: number
  faults: string[]
}

type Moment = 'ready' | 'begun' | 'ended'

/** One visitor: a connection, and one answer at a time. */
export class Visitor {
  /** Resolves when it may ask. */
  readonly ready: Promise<void>
  readonly #crowd: Crowd
  readonly #dialect: Dialect
  readonly #socket: WebSocket
  #answer: AnswerCheck | null = null
  readonly #awaited = new Map<Moment, () => void>()

  constructor(crowd: Crowd, dialect: Dialect) {
    this.#crowd = crowd
    this.#dialect = dialect
    this.ready = this.#when('ready')
    this.#socket = new WebSocket(crowd.url.replace(/^http/, 'ws') + dialect.path, {
      perMessageDeflate: false,
      skipUTF8Validation: true,
    })
    this.#socket.on('message', (data: Buffer) => {
      try {
        this.#hear(dialect.read(data.toString()))
      } catch (error) {
        this.#fault(error)
      }
    })
    this.#socket.on('error', (error) => this.#fault(error))
    this.#socket.on('close', () => {
      if (this.#answer) this.#fault(new Error('the connection was closed in mid-answer'))
    })
  }

  /** Asks, and resolves with the first word of the answer. */
  ask(): Promise<void> {
    this.#answer = new AnswerCheck()
    this.#socket.send(this.#dialect.ask('What can you tell me about your jackets?'))
    return this.#when('begun')
  }

  /** Resolves when nothing is being answered any more. */
  async settled(): Promise<void> {
    if (this.#answer) await this.#when('ended')
  }

  leave(): void {
    this.#answer = null
    this.#socket.terminate()
  }

  #hear(heard: Heard): void {
    switch (heard.kind) {
      case 'piece':
        this.#hearPiece(heard)
        return
      case 'end':
        this.#hearEnd(heard.text)
        return
      case 'reply':
        this.#socket.send(heard.frame)
        return
      case 'ready':
        this.#tell('ready')
    }
  }

  #hearPiece(piece: Piece): void {
    if (!this.#answer) return
    const crowd = this.#crowd
    const now = microseconds()
    if (!this.#answer.begun) this.#tell('begun')
    this.#answer.take(piece, (at) => {
      crowd.heard++
      crowd.latencies.take(now - at)
    })
  }

  #hearEnd(text: string | null): void {
    if (!this.#answer) return
    this.#answer.end(text)
    this.#crowd.faults.push(...this.#answer.faults)
    this.#crowd.restarts += this.#answer.restarts
    this.#answer = null
    this.#tell('ended')
  }

  #fault(error: unknown): void {
    this.#crowd.faults.push(error instanceof Error ? error.message : String(error))
    this.#answer = null
    for (const what of ['ready', 'begun', 'ended'] as const) this.#tell(what)
  }

  #when(what: Moment): Promise<void> {
    return new Promise((resolve) => this.#awaited.set(what, resolve))
  }

  #tell(what: Moment): void {
    this.#awaited.get(what)?.()
    this.#awaited.delete(what)
  }
}

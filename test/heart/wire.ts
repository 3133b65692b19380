import { setTimeout as delay } from 'node:timers/promises'
import { DatabaseUnavailable, type Database, type Statement } from '../../server/infra/database.ts'
import { Gate } from './gate.ts'
import { planted, type Plant } from './plant.ts'
import type { Random } from './random.ts'
import type { Witness } from './witness.ts'

/** How a line fails: probabilities per statement, and the longest delay of either way in ms. */
export interface LineFaults {
  delay: number
  /** The statement never leaves. */
  never: number
  /** It happens, its reply does not come. */
  lost: number
  /** The caller is told that it failed, and it happens a while after. */
  late: number
}

export const SOUND: LineFaults = { delay: 0, never: 0, lost: 0, late: 0 }

/** Another way for one statement, by its text or, after a while, directly. */
export type Detour = (statement: {
  text: string
  values: readonly unknown[]
  direct: () => Promise<object[]>
}) => Promise<object[]>

interface Row {
  id?: string
  conversation_id?: string
  turn?: number | null
  attempt?: number | null
  opened?: boolean
  next?: boolean
  next_turn?: number
  next_attempt?: number
}

/** The database as one node sees it: over a line with seeded faults, with its statements written down. */
export class Wire implements Database {
  readonly sequelize
  readonly exclusive = false
  readonly gate = new Gate()
  faults: LineFaults = SOUND
  /** Every statement fails at once. */
  cut = false
  /** What a test does with the next statement of this name in place of sending it. */
  readonly detours = new Map<string, Detour>()
  readonly #database: Database
  readonly #random: Random
  readonly #witness: Witness
  readonly #plant: Plant | null

  constructor(
    database: Database,
    parts: { random: Random; witness: Witness; plant: Plant | null; faults?: LineFaults },
  ) {
    this.#database = database
    this.sequelize = database.sequelize
    this.#random = parts.random
    this.#witness = parts.witness
    this.#plant = parts.plant
    if (parts.faults) this.faults = parts.faults
  }

  async run<R extends object>(statement: Statement, values: readonly unknown[]): Promise<R[]> {
    await this.#way()
    this.#refuseWhenCut()
    if (this.#random.chance(this.faults.never)) throw new DatabaseUnavailable('it never left')
    const send = () => this.#send<R>(statement, values)
    if (this.#random.chance(this.faults.late)) {
      void delay(this.#random.between(1, 20 * this.faults.delay), undefined, { ref: false })
        .then(send)
        .catch(() => undefined)
      throw new DatabaseUnavailable('it left late')
    }
    const rows = await send()
    const lost = this.#random.chance(this.faults.lost)
    await this.#way()
    if (lost) throw new DatabaseUnavailable('its reply was lost')
    this.#refuseWhenCut()
    return rows
  }

  transaction<T>(): Promise<T> {
    return Promise.reject(new Error('the heart needs no transactions'))
  }

  ping(): Promise<void> {
    return this.#database.ping()
  }

  close(): Promise<void> {
    return Promise.resolve()
  }

  #refuseWhenCut(): void {
    if (this.cut) throw new DatabaseUnavailable('the line is cut')
  }

  async #way(): Promise<void> {
    await this.gate.pass()
    if (this.faults.delay === 0) return
    await delay(this.#random.between(0, this.faults.delay))
    await this.gate.pass()
  }

  async #send<R extends object>(statement: Statement, values: readonly unknown[]): Promise<R[]> {
    const askedAt = Date.now()
    const text = planted(statement, this.#plant)
    const direct = () => this.#database.run<R>(text, values)
    const detour = this.detours.get(statement.name)
    this.detours.delete(statement.name)
    const rows = detour ? ((await detour({ text: text.text, values, direct })) as R[]) : await direct()
    const at = Date.now()
    for (const row of rows) this.#note(statement.name, values, row, { askedAt, at })
    return rows
  }

  /** Writes down who came to own which turn, and which turn was stopped. */
  #note(
    statement: string,
    values: readonly unknown[],
    row: Row,
    { askedAt, at }: { askedAt: number; at: number },
  ): void {
    const own = (conversation: unknown, turn: unknown, attempt: unknown, node: unknown) => {
      if (typeof node !== 'string') return
      const owned = { conversation: String(conversation), turn: Number(turn), attempt: Number(attempt) }
      this.#witness.ownerships.push({ ...owned, node, askedAt, at })
    }
    switch (statement) {
      case 'conversation/receive':
        if (row.opened) own(row.conversation_id, row.turn, row.attempt, values[4])
        break
      case 'conversation/hand-back':
        if (row.opened) own(row.id, row.turn, row.attempt, values[3])
        break
      case 'conversation/end-turn':
        if (row.next) own(values[0], row.next_turn, row.next_attempt, values[10])
        break
      case 'conversation/claim':
        own(row.id, row.turn, row.attempt, values[1])
        break
      case 'conversation/adopt':
        own(row.id, row.turn, row.attempt, values[0])
        break
      case 'conversation/stop':
        this.#witness.stops.push({ conversation: String(row.id), turn: Number(values[1]), at })
    }
  }
}

import type { Socket } from 'node:net'
import type { Problem } from '../kind.ts'
import type { BoundValue } from './query/arguments.ts'
import type { CompiledQuery } from './query/compile.ts'
import type { Dialect } from './query/scan.ts'
import type { Table } from './table.ts'
import type { TlsWish } from './tls.ts'

/** What a database of one make is asked, over a connection that stands and is ended by whoever made it. */
export interface Engine {
  dialect: Dialect
  /** Asks one query that can change nothing. Rejects with whatever goes wrong; `trouble` reads that. */
  ask(link: Link, login: Login, question: Question): Promise<Table>
  /** Looks who we are there, and what we might change. Rejects in the same way. */
  look(link: Link, login: Login): Promise<Looked>
  /** What its own errors mean; null: it is none of them. `query`: what was asked. */
  trouble(error: unknown, query: CompiledQuery | null): Trouble | null
}

/** A connection with the database, for one question. */
export interface Link {
  socket: Socket
  /** As a certificate has to name it. */
  host: string
  port: number
  /** Milliseconds that are left. */
  timeLeft: () => number
}

/** `tls` null: not encrypted. */
export interface Login {
  user: string
  password: string
  database: string
  tls: TlsWish | null
}

export interface Question {
  query: CompiledQuery
  values: readonly BoundValue[]
}

/** `product` with its version. `warnings`: what we might do beside reading, as sentences. */
export interface Looked {
  product: string
  warnings: string[]
}

/** `detail`: more, for people of the business. */
export interface Trouble {
  problem: Problem
  message: string
  detail?: string
}

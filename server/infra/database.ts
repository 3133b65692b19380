import type { Sequelize, Transaction } from 'sequelize'

/**
 * One bound statement of a hot path. The name makes Postgres keep its plan, so it stands for exactly one text:
 * names are `folder/verb`, unique in the whole server.
 */
export interface Statement {
  name: string
  text: string
  /** What a node's life hangs on: has a connection of its own where there are several, and waits behind no visitor. */
  isVital?: true
}

/**
 * The one way to Postgres. Sequelize owns the pool; `run` borrows one of its connections for a prepared statement,
 * past the ORM. On embedded Postgres the pool is exactly one connection: never hold a transaction across anything
 * else that is awaited.
 */
export interface Database {
  readonly sequelize: Sequelize
  /** True when this process alone can reach the data: then every other node's lease is dead. */
  readonly exclusive: boolean
  /** Runs one prepared statement. Throws `DatabaseUnavailable` when no connection can be had or it breaks. */
  run<Row extends object>(statement: Statement, values: readonly unknown[]): Promise<Row[]>
  /**
   * A transaction for what one statement cannot say. Await nothing in it but its own queries. `patient` lets its
   * statements take as long as they need.
   */
  transaction<T>(work: (transaction: Transaction) => Promise<T>, limits?: { patient: boolean }): Promise<T>
  /** Throws `DatabaseUnavailable` unless Postgres answers in time. */
  ping(): Promise<void>
  close(): Promise<void>
}

/** The database cannot be reached, went away, or did not answer in time. The statement may have happened. */
export class DatabaseUnavailable extends Error {
  override readonly name = 'DatabaseUnavailable'
}

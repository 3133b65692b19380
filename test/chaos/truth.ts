import { readKept, type Kept } from '../heart/check/kept.ts'
import type { Database } from '../../server/infra/database.ts'

/** A side effect as it arrived outside: what the model had named it, and the key under which it was asked for. */
export interface Effect {
  nonce: string
  key: string
}

/** What is so once all is quiet: Postgres, and what has happened outside. */
export interface Truth extends Kept {
  effects: readonly Effect[]
}

export async function readTruth(database: Database, effects: readonly Effect[]): Promise<Truth> {
  return { ...(await readKept(database)), effects }
}

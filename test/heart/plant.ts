import { createHash } from 'node:crypto'
import type { Statement } from '../../server/infra/database.ts'

/** A fault planted into statements: their text, changed where the trap lies. */
export interface Plant {
  statement: string
  /** Each must stand in the statement: a plant that no longer fits its soil is an error, not a pass. */
  edits: readonly (readonly [find: string, replace: string])[]
}

/** The statement with the fault in it; itself where the fault is not meant for it. A name stands for one text, so it changes too. */
export function planted(statement: Statement, plant: Plant | null): Statement {
  if (plant?.statement !== statement.name) return statement
  let text = statement.text
  for (const [find, replace] of plant.edits) {
    if (!text.includes(find)) throw new Error(`${statement.name} no longer holds: ${find}`)
    text = text.replaceAll(find, replace)
  }
  const mark = createHash('sha256').update(text).digest('hex').slice(0, 8)
  return { name: `${statement.name}/${mark}`, text }
}

import type { Json } from '../../../models/tool-execution.ts'

/** JSON as a database keeps it. With a number in it that JavaScript might not hold, it stays a text. */
export function readJson(text: string): Json {
  return /\d{16}/.test(text) ? text : (JSON.parse(text) as Json)
}

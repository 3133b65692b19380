import type { TSchema } from 'typebox'
import * as admin from '../../protocol/admin.ts'
import * as chat from '../../protocol/chat.ts'
import * as knowledge from '../../protocol/knowledge.ts'
import * as records from '../../protocol/records.ts'
import * as rest from '../../protocol/rest.ts'
import * as widget from '../../protocol/widget.ts'

/** Writes a schema with its named parts as references. */
export type Refer = (schema: TSchema) => object

export interface References {
  refer: Refer
  /** Every part that was referred to so far, by name, in the order of names. */
  components(): Record<string, object>
}

/**
 * Names the objects of a schema as `protocol/` exports them, so that a document says each once. `prefix` is where the
 * document keeps them, such as `#/components/schemas/`.
 */
export function createReferences(prefix: string): References {
  const names = namedSchemas()
  const used = new Map<string, object>()

  function refer(part: unknown): unknown {
    const name = names.get(JSON.stringify(part))
    if (name === undefined) return rewrite(part)
    if (!used.has(name)) {
      used.set(name, {})
      used.set(name, rewrite(part) as object)
    }
    return { $ref: prefix + name }
  }

  function rewrite(part: unknown): unknown {
    if (Array.isArray(part)) return part.map(refer)
    if (typeof part !== 'object' || part === null) return part
    const entries = Object.entries(part).map(([key, value]) => [key, refer(value)])
    return { ...('enum' in part && TEXT), ...(Object.fromEntries(entries) as object) }
  }

  return {
    refer: (schema) => refer(schema) as object,
    components: () => Object.fromEntries([...used].sort(([one], [other]) => (one < other ? -1 : 1))),
  }
}

/** Our lists hold texts. JSON Schema needs no type beside them; programs that read documents like one. */
const TEXT = { type: 'string' }

/** Two parts are the same when their JSON is: TypeBox copies a schema to make it optional. */
function namedSchemas(): Map<string, string> {
  const exported = Object.entries({ ...records, ...rest, ...chat, ...knowledge, ...widget, ...admin }) as [
    string,
    { type?: unknown },
  ][]
  return new Map(
    exported
      .filter(([, schema]) => schema.type === 'object')
      .map(([name, schema]) => [JSON.stringify(schema), name]),
  )
}

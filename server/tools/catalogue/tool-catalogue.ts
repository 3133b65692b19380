import type { Models } from '../../../models/index.ts'
import type { Tool } from '../../../models/tool.ts'
import { refuse, succeed, type Result } from '../../../protocol/result.ts'
import { SavedTool } from '../../../protocol/tools.ts'
import type { Database } from '../../infra/database.ts'
import type { CompileSchema } from '../../infra/validate.ts'
import { HAND_OVER } from '../hand-over.ts'
import { SEARCH_KNOWLEDGE } from '../search-knowledge.ts'
import { checkParametersSchema } from './parameters-schema.ts'

/** The functions that all clients choose from, as the installation's owners see them. Each change is in the audit log. */
export interface ToolCatalogue {
  /** By category and name. */
  list(): Promise<Tool[]>
  /**
   * Adds a tool, or changes the one of its name, for all its clients at once. Refused with `invalid_payload` and the
   * path of the fault.
   */
  save(given: unknown): Promise<Result<{ tool: Tool; isNew: boolean }>>
  /** Takes a tool away, from all clients too. `not_found` where there is none of this name. */
  remove(name: string): Promise<Result<null>>
}

/** Works on `models`, which are bound to `database`. */
export function createToolCatalogue(
  database: Pick<Database, 'transaction'>,
  { Tool, AuditEntry }: Pick<Models, 'Tool' | 'AuditEntry'>,
  compile: CompileSchema,
): ToolCatalogue {
  const check = compile(SavedTool)
  return {
    list: () => Tool.findAll({ order: ['category', 'tool_name'] }),

    save(given) {
      const read = check(given)
      if (!read.ok) return Promise.resolve(read)
      const { tool_name, parameters_schema } = read.data
      if (OURS.has(tool_name)) return Promise.resolve(refuse('invalid_payload', `"${tool_name}" is our own.`))
      const checked = checkParametersSchema(parameters_schema)
      if (!checked.ok) {
        const { path, problem } = checked
        return Promise.resolve(refuse('invalid_payload', `parameters_schema${path} ${problem}.`))
      }
      const values = { ...read.data, parameters_schema: checked.schema }
      return database.transaction(async (transaction) => {
        const before = await Tool.findOne({ where: { tool_name }, transaction, lock: true })
        const tool = await (before?.update(values, { transaction }) ?? Tool.create(values, { transaction }))
        const details = { tool_id: tool.id, ...values }
        await AuditEntry.record({ actor: 'system', action: 'tool.saved', details }, { transaction })
        return succeed({ tool, isNew: before === null })
      })
    },

    remove: (tool_name) =>
      database.transaction(async (transaction) => {
        const tool = await Tool.findOne({ where: { tool_name }, transaction })
        if (tool === null) return refuse('not_found', `There is no tool "${tool_name}".`)
        await tool.destroy({ transaction })
        const details = { tool_id: tool.id, tool_name }
        await AuditEntry.record({ actor: 'system', action: 'tool.removed', details }, { transaction })
        return succeed(null)
      }),
  }
}

/** Of two with one name ours is called, so there are no two. */
const OURS: ReadonlySet<string> = new Set([SEARCH_KNOWLEDGE.name, HAND_OVER.name])

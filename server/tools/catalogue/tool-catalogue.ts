import { UniqueConstraintError } from 'sequelize'
import { SYSTEM, type Actor } from '../../../models/actor.ts'
import type { Models } from '../../../models/index.ts'
import type { Tool } from '../../../models/tool.ts'
import type { CatalogueToolChanges } from '../../../protocol/catalogue.ts'
import { refuse, succeed, type Result } from '../../../protocol/result.ts'
import { SavedTool } from '../../../protocol/tools.ts'
import type { Database } from '../../infra/database.ts'
import type { CompileSchema } from '../../infra/validate.ts'
import { HAND_OVER } from '../hand-over.ts'
import { SEARCH_KNOWLEDGE } from '../search-knowledge.ts'
import { checkParametersSchema, type ParametersSchema } from './parameters-schema.ts'

/** A tool of the catalogue: by the name that models know, or by its id. */
export type ToolName = { tool_name: string } | { id: string }

/** The functions that all clients choose from, as the installation's owners see them. Each change is in the audit log. */
export interface ToolCatalogue {
  /** By category and name. */
  list(): Promise<Tool[]>
  /** `not_found` where there is none. */
  find(name: ToolName): Promise<Result<Tool>>
  /** Adds a tool. Refused with `invalid_payload`: the path of the fault, or that there is one of its name. */
  add(given: unknown, by?: Actor): Promise<Result<Tool>>
  /** Adds a tool, or changes the one of its name, for all its clients at once. Refused as `add`. */
  save(given: unknown, by?: Actor): Promise<Result<{ tool: Tool; isNew: boolean }>>
  /** Changes what is named, for all its clients at once. Refused as `add`, or `not_found`. */
  change(name: ToolName, changes: CatalogueToolChanges, by?: Actor): Promise<Result<Tool>>
  /** Takes a tool away, from all clients too. `not_found` where there is none. */
  remove(name: ToolName, by?: Actor): Promise<Result<Tool>>
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

    async find(name) {
      const tool = await Tool.findOne({ where: name })
      return tool ? succeed(tool) : refuse('not_found', noTool(name))
    },

    async add(given, by = SYSTEM) {
      const values = judge(given)
      if (!values.ok) return values
      try {
        return await database.transaction(async (transaction) => {
          const tool = await Tool.create(values.data, { transaction })
          await AuditEntry.record(entry(by, 'tool.saved', tool, values.data), { transaction })
          return succeed(tool)
        })
      } catch (error) {
        if (!(error instanceof UniqueConstraintError)) throw error
        return refuse('invalid_payload', `There is a tool "${values.data.tool_name}" already.`)
      }
    },

    async save(given, by = SYSTEM) {
      const values = judge(given)
      if (!values.ok) return values
      const { tool_name } = values.data
      return database.transaction(async (transaction) => {
        const before = await Tool.findOne({ where: { tool_name }, transaction, lock: true })
        const tool = await (before?.update(values.data, { transaction }) ??
          Tool.create(values.data, { transaction }))
        await AuditEntry.record(entry(by, 'tool.saved', tool, values.data), { transaction })
        return succeed({ tool, isNew: before === null })
      })
    },

    async change(name, changes, by = SYSTEM) {
      const { parameters_schema: given, ...rest } = changes
      const schema = given === undefined ? succeed(null) : readSchema(given)
      if (!schema.ok) return schema
      const values = { ...rest, ...(schema.data && { parameters_schema: schema.data }) }
      return database.transaction(async (transaction) => {
        const tool = await Tool.findOne({ where: name, transaction, lock: true })
        if (tool === null) return refuse('not_found', noTool(name))
        await tool.update(values, { transaction })
        await AuditEntry.record(entry(by, 'tool.changed', tool, values), { transaction })
        return succeed(tool)
      })
    },

    remove: (name, by = SYSTEM) =>
      database.transaction(async (transaction) => {
        const tool = await Tool.findOne({ where: name, transaction, lock: true })
        if (tool === null) return refuse('not_found', noTool(name))
        await tool.destroy({ transaction })
        await AuditEntry.record(entry(by, 'tool.removed', tool), { transaction })
        return succeed(tool)
      }),
  }

  function judge(given: unknown): Result<SavedTool & { parameters_schema: ParametersSchema }> {
    const read = check(given)
    if (!read.ok) return read
    const { tool_name } = read.data
    if (OURS.has(tool_name)) return refuse('invalid_payload', `"${tool_name}" is our own.`)
    const schema = readSchema(read.data.parameters_schema)
    return schema.ok ? succeed({ ...read.data, parameters_schema: schema.data }) : schema
  }
}

/** Of two with one name ours is called, so there are no two. */
const OURS: ReadonlySet<string> = new Set([SEARCH_KNOWLEDGE.name, HAND_OVER.name])

function readSchema(given: unknown): Result<ParametersSchema> {
  const checked = checkParametersSchema(given)
  if (checked.ok) return succeed(checked.schema)
  return refuse('invalid_payload', `parameters_schema${checked.path} ${checked.problem}.`)
}

function noTool(name: ToolName): string {
  return 'id' in name ? 'There is no such tool.' : `There is no tool "${name.tool_name}".`
}

function entry(by: Actor, action: string, { id: tool_id, tool_name }: Tool, values: object = {}) {
  return { ...by, action, details: { tool_id, tool_name, ...values } }
}

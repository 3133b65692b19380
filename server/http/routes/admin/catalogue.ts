import type { CatalogueTool, CatalogueToolTold } from '../../../../protocol/catalogue.ts'
import type { CATALOGUE_OPERATIONS } from '../../../../protocol/operations/admin/catalogue.ts'
import { succeed, type Result } from '../../../../protocol/result.ts'
import { listCatalogue, type KeptTool } from '../../../tools/catalogue/list-catalogue.ts'
import { checkParametersSchema } from '../../../tools/catalogue/parameters-schema.ts'
import type { Endpoint } from '../../endpoint.ts'
import { forAdmin, idIn } from '../../for-admin.ts'
import type { HttpContext, HttpParts } from '../../http-env.ts'

/** The tools that all clients choose from. */
export function catalogueEndpoints(parts: HttpParts): {
  [K in keyof typeof CATALOGUE_OPERATIONS]: Endpoint<K>
} {
  const { catalogue } = parts.desks.tools
  return {
    'GET /api/admin/tools': forAdmin(parts, async (_asking, { query }) => {
      const page = await listCatalogue(parts.database, query)
      return succeed({ ...page, tools: page.tools.map(presentTool) })
    }),
    'POST /api/admin/tools': forAdmin(parts, async ({ by }, { body }) => told(await catalogue.add(body, by))),
    'GET /api/admin/tools/:tool_id': forAdmin(parts, async (_asking, _input, c) =>
      told(await catalogue.find(toolIn(c))),
    ),
    'PATCH /api/admin/tools/:tool_id': forAdmin(parts, async ({ by }, { body }, c) =>
      told(await catalogue.change(toolIn(c), body, by)),
    ),
    'DELETE /api/admin/tools/:tool_id': forAdmin(parts, async ({ by }, _input, c) => {
      const removed = await catalogue.remove(toolIn(c), by)
      return removed.ok ? succeed({ id: removed.data.id }) : removed
    }),
    'POST /api/admin/schema-check': forAdmin(parts, (_asking, { body }) => {
      const checked = checkParametersSchema(body.schema)
      if (!checked.ok) {
        const { path, problem } = checked
        return succeed({ fault: { path, problem }, arguments_fault: null })
      }
      const arguments_fault = body.arguments === undefined ? null : checked.check(body.arguments)
      return succeed({ fault: null, arguments_fault })
    }),
  }
}

/** The tool that the path names. */
export function toolIn(c: HttpContext): { id: string } {
  return { id: idIn(c, 'tool_id') }
}

export function presentTool(kept: KeptTool): CatalogueTool {
  const { id, tool_name, description, parameters_schema, category, created_at } = kept
  return {
    ...{ id, tool_name, description, parameters_schema, category },
    created_at: created_at.toISOString(),
  }
}

function told(tool: Result<KeptTool>): Result<CatalogueToolTold> {
  return tool.ok ? succeed({ tool: presentTool(tool.data) }) : tool
}

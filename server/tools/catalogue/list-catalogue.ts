import type { CatalogueQuery, CatalogueTool } from '../../../protocol/catalogue.ts'
import type { Database, Statement } from '../../infra/database.ts'

/** A tool of the catalogue as Postgres has it. */
export type KeptTool = Omit<CatalogueTool, 'created_at'> & { created_at: Date }

/** $1 what is searched, null: nothing $2 the last of the page before $3 how many */
const LIST: Statement = {
  name: 'tools/list-catalogue',
  text: `
    SELECT id, tool_name, description, parameters_schema, category, created_at FROM tools
    WHERE ($1::text IS NULL OR strpos(lower(concat_ws(' ', tool_name, category, description)), lower($1)) > 0)
      AND ($2::uuid IS NULL OR (category, tool_name) > (SELECT category, tool_name FROM tools WHERE id = $2))
    ORDER BY category, tool_name LIMIT $3`,
}

const PAGE = 50

/** A page of the catalogue, by category and name. */
export async function listCatalogue(
  database: Pick<Database, 'run'>,
  { search, after, limit = PAGE }: CatalogueQuery,
): Promise<{ tools: KeptTool[]; has_more: boolean }> {
  const rows = await database.run<KeptTool>(LIST, [search || null, after ?? null, limit + 1])
  return { tools: rows.slice(0, limit), has_more: rows.length > limit }
}

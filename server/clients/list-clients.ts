import type { ClientAccount, ClientsQuery } from '../../protocol/clients.ts'
import type { Database, Statement } from '../infra/database.ts'

/** What is told of a client, as Postgres has it. */
export type KeptAccount = Omit<ClientAccount, 'created_at'> & { created_at: Date }

const COLUMNS =
  'id, name, domain, api_key, status, plan_type, allowed_origins, locale, identity_required, created_at'

/** $1 the only one that may be seen, null: all $2 what is searched, null: nothing $3 the last of the page before $4 how many */
const LIST: Statement = {
  name: 'clients/list',
  text: `
    SELECT ${COLUMNS} FROM clients
    WHERE ($1::uuid IS NULL OR id = $1)
      AND ($2::text IS NULL OR api_key = $2 OR strpos(lower(concat_ws(' ', name, domain)), lower($2)) > 0)
      AND ($3::uuid IS NULL OR (created_at, id) < (SELECT created_at, id FROM clients WHERE id = $3))
    ORDER BY created_at DESC, id DESC LIMIT $4`,
}

const READ: Statement = { name: 'clients/read', text: `SELECT ${COLUMNS} FROM clients WHERE id = $1::uuid` }

const PAGE = 50

/** A page of clients, the newest first; `only` is the one that may be seen, null: all may. */
export async function listClients(
  database: Pick<Database, 'run'>,
  only: string | null,
  { search, after, limit = PAGE }: ClientsQuery,
): Promise<{ clients: KeptAccount[]; has_more: boolean }> {
  const values = [only, search || null, after ?? null, limit + 1]
  const rows = await database.run<KeptAccount>(LIST, values)
  return { clients: rows.slice(0, limit), has_more: rows.length > limit }
}

/** Null where there is no such client. */
export async function readClient(database: Pick<Database, 'run'>, id: string): Promise<KeptAccount | null> {
  const [client] = await database.run<KeptAccount>(READ, [id])
  return client ?? null
}

import type { Admin } from '../../../models/admin.ts'
import type { PeopleQuery } from '../../../protocol/people.ts'
import type { Database, Statement } from '../../infra/database.ts'

/** What is told of a person to those who keep people. */
export type KeptPerson = Pick<
  Admin,
  | 'id'
  | 'email'
  | 'name'
  | 'avatar_url'
  | 'role'
  | 'client_id'
  | 'locked_until'
  | 'disabled_at'
  | 'created_at'
>

/** $1 the only client whose people may be seen, null: all $2 the last of the page before $3 how many */
const LIST: Statement = {
  name: 'auth/list-people',
  text: `
    SELECT id, email, name, avatar_url, role, client_id, locked_until, disabled_at, created_at FROM admins
    WHERE ($1::uuid IS NULL OR client_id = $1)
      AND ($2::uuid IS NULL OR (created_at, id) < (SELECT created_at, id FROM admins WHERE id = $2))
    ORDER BY created_at DESC, id DESC LIMIT $3`,
}

const PAGE = 50

/** A page of people, the newest first; `only` is the client whose people may be seen, null: all may. */
export async function listPeople(
  database: Pick<Database, 'run'>,
  only: string | null,
  { client_id, after, limit = PAGE }: PeopleQuery,
): Promise<{ people: KeptPerson[]; has_more: boolean }> {
  const rows = await database.run<KeptPerson>(LIST, [only ?? client_id ?? null, after ?? null, limit + 1])
  return { people: rows.slice(0, limit), has_more: rows.length > limit }
}

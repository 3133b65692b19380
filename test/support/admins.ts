import { randomUUID } from 'node:crypto'
import { defineModels } from '../../models/index.ts'
import type { Admin } from '../../models/admin.ts'
import type { AdminRole } from '../../protocol/roles.ts'
import { createAdmins } from '../../server/auth/admins/keep-admins.ts'
import { createPasswords, type Passwords } from '../../server/auth/admins/passwords.ts'
import type { Database } from '../../server/infra/database.ts'

export const PASSWORD = 'correct horse battery staple'

/** Passwords whose hash costs next to nothing. */
export const cheapPasswords = (): Passwords => createPasswords({ cost: { ln: 4, r: 8, p: 1 } })

/** A person who can sign in where passwords are cheap: of the installation, or of the client with this key. */
export async function makeAdmin(
  database: Database,
  {
    clientKey,
    ...wish
  }: { email?: string; password?: string; name?: string; role?: AdminRole; clientKey?: string } = {},
): Promise<Admin> {
  const parts = { database, passwords: cheapPasswords() }
  const made = await createAdmins(parts, defineModels(database.sequelize)).create({
    ...{ email: `${randomUUID()}@shop.example`, name: 'Dana', role: 'agent', password: PASSWORD },
    ...{ client: clientKey === undefined ? null : { api_key: clientKey }, ...wish },
  })
  if (!made.ok) throw new Error(made.error.message)
  return made.data
}

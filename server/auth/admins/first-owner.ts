import { randomBytes } from 'node:crypto'
import type { Models } from '../../../models/index.ts'
import type { Admins } from './keep-admins.ts'

/** With what somebody signs in. */
export interface Credentials {
  email: string
  password: string
}

/** Who is made where the operator names nobody. */
const SOMEBODY = 'owner@localhost'

/**
 * Makes the first owner where there is none. `wish` null: an owner with a random password. Gives the password only
 * when this call made it up, so that it can be told once. Several nodes may do so at once.
 */
export async function makeFirstOwner(
  admins: Pick<Admins, 'create'>,
  { Admin }: Pick<Models, 'Admin'>,
  wish: Credentials | null,
): Promise<Credentials | null> {
  if ((await Admin.count({ where: { role: 'owner', client_id: null } })) > 0) return null
  const credentials = wish ?? { email: SOMEBODY, password: randomBytes(15).toString('base64url') }
  const made = await admins.create({ ...credentials, name: 'Owner', role: 'owner', client: null })
  return made.ok && wish === null ? credentials : null
}

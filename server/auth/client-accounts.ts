import type { Transaction } from 'sequelize'
import { SYSTEM, type Actor } from '../../models/actor.ts'
import type { Client, ClientName } from '../../models/client.ts'
import type { Models } from '../../models/index.ts'
import { refuse, succeed, type Result } from '../../protocol/result.ts'
import type { Database } from '../infra/database.ts'
import { parseOriginEntry } from './origin.ts'

/** What is told of a client to make it. */
export interface NewClient {
  name: string
  /** Where its own site is, for people to read. */
  domain?: string | null
  /** Entries of `origin.ts`. */
  allowed_origins: readonly string[]
  /** BCP 47; what its visitors speak where their browsers do not say. */
  locale?: string | null
}

/** Who may have a widget, as its keepers see it. Each deed is told in the audit log, with who has done it. */
export interface ClientAccounts {
  /** `invalid_payload` names an origin that is none. */
  create(wish: NewClient, by?: Actor): Promise<Result<Client>>
  /** What is named is other from now on. `invalid_payload` names an origin that is none. */
  change(name: ClientName, changes: Partial<NewClient>, by?: Actor): Promise<Result<Client>>
  /** Opens its widget and API, or shuts them: open connections are cut within a second. */
  setActive(name: ClientName, active: boolean, by?: Actor): Promise<Result<Client>>
  /** Puts a new publishable key in the place of the one it has, which names nobody from then on. */
  rotateKey(name: ClientName, by?: Actor): Promise<Result<Client>>
}

/** Works on `models`, which are bound to `database`. */
export function createClientAccounts(
  database: Pick<Database, 'transaction'>,
  { Client, AuditEntry }: Pick<Models, 'Client' | 'AuditEntry'>,
): ClientAccounts {
  return {
    async create(wish, by = SYSTEM) {
      const fault = faultOf(wish.allowed_origins)
      if (fault !== null) return fault
      return database.transaction(async (transaction) => {
        const client = await Client.create(rowOf(wish), { transaction })
        const entry = { ...by, client_id: client.id, action: 'client.created' }
        await AuditEntry.record(entry, { transaction })
        return succeed(client)
      })
    },

    change: async (name, changes, by = SYSTEM) =>
      faultOf(changes.allowed_origins ?? []) ??
      (await alter(name, { action: 'client.changed', by }, async (client, within) => {
        const before = pick(client, Object.keys(changes))
        await client.update(changesOf(changes), within)
        return { before, after: changes }
      })),

    setActive: (name, active, by = SYSTEM) =>
      alter(
        name,
        { action: active ? 'client.activated' : 'client.deactivated', by },
        async (client, within) => {
          const changed = active ? await client.activate(within) : await client.deactivate(within)
          return { changed }
        },
      ),

    rotateKey: (name, by = SYSTEM) =>
      alter(name, { action: 'client.key_rotated', by }, async (client, within) => {
        const before = client.api_key
        return { before, after: await client.rotateKey(within) }
      }),
  }

  /** Does something to a client whose row is locked, and tells of it; `not_found` where there is none. */
  function alter(
    where: ClientName,
    { action, by }: { action: string; by: Actor },
    work: (client: Client, within: { transaction: Transaction }) => Promise<object>,
  ): Promise<Result<Client>> {
    return database.transaction(async (transaction) => {
      const client = await Client.findOne({ where, transaction, lock: transaction.LOCK.NO_KEY_UPDATE })
      if (client === null) return refuse('not_found', UNKNOWN)
      const details = { ...(await work(client, { transaction })) }
      await AuditEntry.record({ ...by, client_id: client.id, action, details }, { transaction })
      return succeed(client)
    })
  }
}

const UNKNOWN = 'There is no such client.'

function rowOf({ name, domain = null, allowed_origins, locale = null }: NewClient) {
  const empty = { identity_secret: null, provider: null, model: null, webhook_secret: null }
  return { ...empty, name, domain, locale, allowed_origins: [...allowed_origins] }
}

function changesOf({ allowed_origins, ...changes }: Partial<NewClient>) {
  return { ...changes, ...(allowed_origins && { allowed_origins: [...allowed_origins] }) }
}

function pick(client: Client, names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(names.map((name) => [name, client.get(name)]))
}

function faultOf(origins: readonly string[]): Result<never> | null {
  const wrong = origins.find((text) => parseOriginEntry(text) === null)
  if (wrong === undefined) return null
  return refuse('invalid_payload', `"${wrong}" is no origin such as https://shop.example.`)
}

import type { Client } from '../../models/client.ts'
import type { Models } from '../../models/index.ts'
import { refuse, succeed, type Result } from '../../protocol/result.ts'
import type { Transaction } from 'sequelize'
import type { Database } from '../infra/database.ts'
import { parseOriginEntry } from './origin.ts'

/** A client that is to be made. */
export interface NewClient {
  name: string
  /** Where its own site is, for people to read. */
  domain?: string
  /** Entries of `origin.ts`. */
  origins: readonly string[]
  /** BCP 47; what its visitors speak where their browsers do not say. */
  locale?: string
}

/** Who may have a widget, as the installation's keepers see it. Each deed is told in the audit log. */
export interface ClientAccounts {
  /** `invalid_payload` names an origin that is none. */
  create(wish: NewClient): Promise<Result<Client>>
  /** Which sites may speak for it, in the place of those before. `invalid_payload` names one that is none. */
  setOrigins(clientKey: string, origins: readonly string[]): Promise<Result<Client>>
  /** Opens its widget and API, or shuts them: open connections are cut within a second. */
  setActive(clientKey: string, active: boolean): Promise<Result<Client>>
  /** Puts a new publishable key in the place of this one, which names nobody from then on. */
  rotateKey(clientKey: string): Promise<Result<Client>>
}

/** Works on `models`, which are bound to `database`. */
export function createClientAccounts(
  database: Pick<Database, 'transaction'>,
  { Client, AuditEntry }: Pick<Models, 'Client' | 'AuditEntry'>,
): ClientAccounts {
  /** Does something to the client of this key, and tells of it; `not_found` where there is none. */
  function change(
    clientKey: string,
    action: string,
    work: (client: Client, within: { transaction: Transaction }) => Promise<object>,
  ): Promise<Result<Client>> {
    return database.transaction(async (transaction) => {
      const client = await Client.findOne({ where: { api_key: clientKey }, transaction })
      if (client === null) return refuse('not_found', 'No client has this key.')
      const details = { ...(await work(client, { transaction })) }
      await AuditEntry.record({ actor: 'system', client_id: client.id, action, details }, { transaction })
      return succeed(client)
    })
  }

  return {
    async create({ name, domain, origins, locale }) {
      const fault = faultOf(origins)
      if (fault !== null) return fault
      return database.transaction(async (transaction) => {
        const row = { name, domain: domain ?? null, allowed_origins: [...origins], locale: locale ?? null }
        const empty = { identity_secret: null, provider: null, model: null }
        const client = await Client.create({ ...row, ...empty }, { transaction })
        const entry = { actor: 'system' as const, client_id: client.id, action: 'client.created' }
        await AuditEntry.record(entry, { transaction })
        return succeed(client)
      })
    },

    setOrigins: async (clientKey, origins) =>
      faultOf(origins) ??
      (await change(clientKey, 'client.origins_changed', async (client, within) => {
        const before = client.allowed_origins
        await client.update({ allowed_origins: [...origins] }, within)
        return { before, after: origins }
      })),

    setActive: (clientKey, active) =>
      change(clientKey, active ? 'client.activated' : 'client.deactivated', async (client, within) => {
        const changed = active ? await client.activate(within) : await client.deactivate(within)
        return { changed }
      }),

    rotateKey: (clientKey) =>
      change(clientKey, 'client.key_rotated', async (client, within) => {
        await client.rotateKey(within)
        return { before: clientKey, after: client.api_key }
      }),
  }
}

function faultOf(origins: readonly string[]): Result<never> | null {
  const wrong = origins.find((text) => parseOriginEntry(text) === null)
  if (wrong === undefined) return null
  return refuse('invalid_payload', `"${wrong}" is no origin such as https://shop.example.`)
}

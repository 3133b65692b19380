import type { Models } from '../../models/index.ts'
import type { IssuedKey, SecretKey } from '../../models/secret-key.ts'
import { refuse, succeed, type Result } from '../../protocol/result.ts'
import { isUuid } from '../infra/uuid.ts'
import type { Database } from '../infra/database.ts'

/** The keys of clients' servers, as their keepers see them. Each deed is told in the audit log. */
export interface SecretKeys {
  /** Makes a key for the client of this publishable key; `not_found` where there is none. */
  create(clientKey: string, name: string): Promise<Result<IssuedKey>>
  /** Oldest first; of all clients where none is named. */
  list(clientKey?: string): Promise<ListedKey[]>
  /**
   * Puts a new key in the place of one, which works for `grace` milliseconds more. `not_found` where it is unknown,
   * revoked or rotated already.
   */
  rotate(id: string, grace: number): Promise<Result<IssuedKey>>
  /** Ends a key. `not_found` where it is unknown or has ended. */
  revoke(id: string): Promise<Result<SecretKey>>
}

export interface ListedKey {
  secretKey: SecretKey
  /** The publishable key of its client. */
  clientKey: string
}

type KeyModels = Pick<Models, 'Client' | 'SecretKey' | 'AuditEntry'>

/** Works on `models`, which are bound to `database`. */
export function createSecretKeys(
  database: Pick<Database, 'transaction'>,
  { Client, SecretKey, AuditEntry }: KeyModels,
): SecretKeys {
  return {
    async create(clientKey, name) {
      const client = await Client.findOne({ where: { api_key: clientKey } })
      if (client === null) return refuse('not_found', 'No client has this key.')
      return database.transaction(async (transaction) => {
        const issued = await SecretKey.issue(client, name, { transaction })
        await AuditEntry.record(entry('secret_key.created', issued.secretKey), { transaction })
        return succeed(issued)
      })
    },

    async list(clientKey) {
      const clients = await Client.findAll({
        attributes: ['id', 'api_key'],
        where: clientKey === undefined ? {} : { api_key: clientKey },
      })
      const names = new Map(clients.map((client) => [client.id, client.api_key]))
      const keys = await SecretKey.findAll({
        where: { client_id: [...names.keys()] },
        order: [
          ['created_at', 'ASC'],
          ['id', 'ASC'],
        ],
      })
      return keys.map((secretKey) => ({ secretKey, clientKey: names.get(secretKey.client_id) ?? '' }))
    },

    async rotate(id, grace) {
      const old = await find(id)
      if (old === null) return refuse('not_found', UNKNOWN)
      return database.transaction(async (transaction) => {
        const issued = await old.rotate(new Date(Date.now() + grace), { transaction })
        if (issued === null) return refuse('not_found', 'This key was revoked or rotated before.')
        const details = { replaced_by: issued.secretKey.id, until: old.revoked_at }
        await AuditEntry.record(entry('secret_key.rotated', old, details), { transaction })
        return succeed(issued)
      })
    },

    async revoke(id) {
      const found = await find(id)
      if (found === null) return refuse('not_found', UNKNOWN)
      return database.transaction(async (transaction) => {
        if (!(await found.revoke({ transaction }))) return refuse('not_found', 'This key has ended already.')
        await AuditEntry.record(entry('secret_key.revoked', found), { transaction })
        return succeed(found)
      })
    },
  }

  async function find(id: string): Promise<SecretKey | null> {
    return isUuid(id) ? SecretKey.findByPk(id) : null
  }
}

const UNKNOWN = 'There is no key of this id.'

/** Whoever commands the machine is `system`. */
function entry(action: string, { id, client_id, name, prefix }: SecretKey, more: object = {}) {
  return { actor: 'system' as const, client_id, action, details: { key_id: id, name, prefix, ...more } }
}

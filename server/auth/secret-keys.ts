import { SYSTEM, type Actor } from '../../models/actor.ts'
import type { ClientName } from '../../models/client.ts'
import type { Models } from '../../models/index.ts'
import type { IssuedKey, SecretKey } from '../../models/secret-key.ts'
import { refuse, succeed, type Result } from '../../protocol/result.ts'
import type { Database } from '../infra/database.ts'
import { isUuid } from '../infra/uuid.ts'

/** A key: by its id, and where `client_id` is given, among that client's alone. */
export interface KeyName {
  id: string
  client_id?: string
}

/** The keys of clients' servers, as their keepers see them. Each deed is told in the audit log, with who has done it. */
export interface SecretKeys {
  /** Makes a key; `not_found` where there is no such client. */
  create(client: ClientName, name: string, by?: Actor): Promise<Result<IssuedKey>>
  /** Oldest first; of all clients where none is named. */
  list(client?: ClientName): Promise<ListedKey[]>
  /**
   * Puts a new key in the place of one, which works for `grace` milliseconds more. `not_found` where it is unknown,
   * revoked or rotated already.
   */
  rotate(name: KeyName, grace: number, by?: Actor): Promise<Result<IssuedKey>>
  /** Ends a key. `not_found` where it is unknown or has ended. */
  revoke(name: KeyName, by?: Actor): Promise<Result<SecretKey>>
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
    async create(clientName, name, by = SYSTEM) {
      const client = await Client.findOne({ where: clientName })
      if (client === null) return refuse('not_found', 'There is no such client.')
      return database.transaction(async (transaction) => {
        const issued = await SecretKey.issue(client, name, { transaction })
        await AuditEntry.record(entry(by, 'secret_key.created', issued.secretKey), { transaction })
        return succeed(issued)
      })
    },

    async list(client) {
      const clients = await Client.findAll({
        attributes: ['id', 'api_key'],
        where: { ...client },
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

    async rotate(name, grace, by = SYSTEM) {
      const old = await find(name)
      if (old === null) return refuse('not_found', UNKNOWN)
      return database.transaction(async (transaction) => {
        const issued = await old.rotate(new Date(Date.now() + grace), { transaction })
        if (issued === null) return refuse('not_found', 'This key was revoked or rotated before.')
        const details = { replaced_by: issued.secretKey.id, until: old.revoked_at }
        await AuditEntry.record(entry(by, 'secret_key.rotated', old, details), { transaction })
        return succeed(issued)
      })
    },

    async revoke(name, by = SYSTEM) {
      const found = await find(name)
      if (found === null) return refuse('not_found', UNKNOWN)
      return database.transaction(async (transaction) => {
        if (!(await found.revoke({ transaction }))) return refuse('not_found', 'This key has ended already.')
        await AuditEntry.record(entry(by, 'secret_key.revoked', found), { transaction })
        return succeed(found)
      })
    },
  }

  async function find(name: KeyName): Promise<SecretKey | null> {
    return isUuid(name.id) ? SecretKey.findOne({ where: { ...name } }) : null
  }
}

const UNKNOWN = 'There is no key of this id.'

function entry(by: Actor, action: string, { id, client_id, name, prefix }: SecretKey, more: object = {}) {
  return { ...by, client_id, action, details: { key_id: id, name, prefix, ...more } }
}

import { randomBytes } from 'node:crypto'
import type { Transaction } from 'sequelize'
import { SYSTEM, type Actor } from '../../../models/actor.ts'
import type { Client, ClientName } from '../../../models/client.ts'
import type { Models } from '../../../models/index.ts'
import { refuse, succeed, type Result } from '../../../protocol/result.ts'
import type { Database } from '../../infra/database.ts'
import type { SealedPlace, Secrets } from '../../infra/secrets.ts'

/** Whether a client's visitors can prove who they are, and whether they must. */
export interface IdentityState {
  has_secret: boolean
  required: boolean
}

/**
 * The secrets with which clients' servers sign who their visitors are, as the clients' keepers see them. `not_found`
 * where there is no such client.
 */
export interface IdentitySecrets {
  read(name: ClientName): Promise<Result<IdentityState>>
  /**
   * Makes a new secret of 256 bits and tells it, this once. Tokens signed with the one before are refused from then
   * on.
   */
  issue(name: ClientName, by?: Actor): Promise<Result<{ secret: string }>>
  /**
   * Whether visitors must prove who they are before they may write, from a few seconds later on. Refused with
   * `invalid_payload` where the client has no secret that they could prove it with.
   */
  require(name: ClientName, required: boolean, by?: Actor): Promise<Result<IdentityState>>
}

/** Where the identity secret of a client is sealed. */
export function identityPlace(clientId: string): SealedPlace {
  return { table: 'clients', column: 'identity_secret', id: clientId }
}

/** Works on `models`, which are bound to `database`. Each change has an entry in the audit log. */
export function createIdentitySecrets(
  database: Pick<Database, 'transaction'>,
  { Client, AuditEntry }: Pick<Models, 'Client' | 'AuditEntry'>,
  secrets: Secrets,
): IdentitySecrets {
  return {
    async read(name) {
      const client = await Client.findOne({ where: name })
      return client === null ? refuse('not_found', UNKNOWN) : succeed(stateOf(client))
    },

    issue: (name, by = SYSTEM) =>
      alter(name, async (client, transaction) => {
        const secret = `is_${randomBytes(32).toString('base64url')}`
        const identity_secret = secrets.seal(secret, identityPlace(client.id))
        await client.update({ identity_secret }, { transaction })
        const entry = { ...by, client_id: client.id, action: 'client.identity_secret_issued' }
        await AuditEntry.record(entry, { transaction })
        return succeed({ secret })
      }),

    require: (name, required, by = SYSTEM) =>
      alter(name, async (client, transaction) => {
        if (required && client.identity_secret === null) return refuse('invalid_payload', NO_SECRET)
        await client.update({ identity_required: required }, { transaction })
        const details = { required }
        const entry = { ...by, client_id: client.id, action: 'client.identity_required', details }
        await AuditEntry.record(entry, { transaction })
        return succeed(stateOf(client))
      }),
  }

  /** Works on a client whose row is locked. */
  function alter<T>(
    where: ClientName,
    work: (client: Client, transaction: Transaction) => Promise<Result<T>>,
  ): Promise<Result<T>> {
    return database.transaction(async (transaction) => {
      const client = await Client.findOne({ where, transaction, lock: transaction.LOCK.NO_KEY_UPDATE })
      return client === null ? refuse('not_found', UNKNOWN) : work(client, transaction)
    })
  }
}

const UNKNOWN = 'There is no such client.'
const NO_SECRET = 'The client has no identity secret yet. Make one first.'

function stateOf({ identity_secret, identity_required }: Client): IdentityState {
  return { has_secret: identity_secret !== null, required: identity_required }
}

import { randomBytes } from 'node:crypto'
import type { Models } from '../../../models/index.ts'
import { refuse, succeed, type Result } from '../../../protocol/result.ts'
import type { Database } from '../../infra/database.ts'
import type { SealedPlace, Secrets } from '../../infra/secrets.ts'

/** The secrets with which clients' servers sign who their visitors are, as the clients' keepers see them. */
export interface IdentitySecrets {
  /**
   * Makes a new secret of 256 bits and tells it, this once. Tokens signed with the one before are refused from then
   * on. `not_found` where no client has this publishable key.
   */
  issue(clientKey: string): Promise<Result<{ secret: string }>>
  /**
   * Whether visitors must prove who they are before they may write, from a few seconds later on. Refused with
   * `invalid_payload` where the client has no secret that they could prove it with.
   */
  require(clientKey: string, required: boolean): Promise<Result<null>>
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
    issue: (clientKey) =>
      database.transaction(async (transaction) => {
        const client = await Client.findOne({ where: { api_key: clientKey }, transaction })
        if (client === null) return refuse('not_found', UNKNOWN)
        const secret = `is_${randomBytes(32).toString('base64url')}`
        const identity_secret = secrets.seal(secret, identityPlace(client.id))
        await client.update({ identity_secret }, { transaction })
        await AuditEntry.record(
          { actor: 'system', client_id: client.id, action: 'client.identity_secret_issued' },
          { transaction },
        )
        return succeed({ secret })
      }),

    require: (clientKey, required) =>
      database.transaction(async (transaction) => {
        const client = await Client.findOne({ where: { api_key: clientKey }, transaction })
        if (client === null) return refuse('not_found', UNKNOWN)
        if (required && client.identity_secret === null) return refuse('invalid_payload', NO_SECRET)
        await client.update({ identity_required: required }, { transaction })
        await AuditEntry.record(
          {
            actor: 'system',
            client_id: client.id,
            action: 'client.identity_required',
            details: { required },
          },
          { transaction },
        )
        return succeed(null)
      }),
  }
}

const UNKNOWN = 'No client has this key.'
const NO_SECRET = 'The client has no identity secret yet. Make one first: "identity secret --client KEY".'

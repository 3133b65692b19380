import { defineModels } from '../models/index.ts'
import { createAccounts } from './auth/admins/account.ts'
import { createAdmins } from './auth/admins/keep-admins.ts'
import type { Passwords } from './auth/admins/passwords.ts'
import { createClientAccounts } from './auth/client-accounts.ts'
import type { CutOffs } from './auth/cut-offs.ts'
import { createIdentitySecrets } from './auth/identity/identity-secrets.ts'
import { createSecretKeys } from './auth/secret-keys.ts'
import { createClientsAi } from './clients/client-ai.ts'
import { createClientsTerms } from './clients/client-terms.ts'
import { createClientsWidgets } from './clients/client-widget.ts'
import { PROVIDER_NAMES } from './config/models.ts'
import { createCannedReplies } from './desk/canned-replies.ts'
import type { Database } from './infra/database.ts'
import type { Secrets } from './infra/secrets.ts'
import type { CompileSchema } from './infra/validate.ts'

export interface KeepingParts {
  database: Database
  compile: CompileSchema
  secrets: Secrets
  cutOffs: Pick<CutOffs, 'cut'>
  passwords: Passwords
}

/** What people of the business keep: clients with all that is set of them, their keys, and each other. */
export function openKeeping({ database, compile, secrets, cutOffs, passwords }: KeepingParts) {
  const models = defineModels(database.sequelize)
  return {
    settings: {
      ai: createClientsAi(database, models, { compile, providers: PROVIDER_NAMES }),
      widgets: createClientsWidgets(database, models, compile),
      identity: createIdentitySecrets(database, models, secrets),
      terms: createClientsTerms(database, models),
    },
    clients: createClientAccounts(database, models),
    people: createAdmins({ database, passwords }, models),
    accounts: createAccounts({
      ...{ database, passwords, models },
      onRevoked: (id) => {
        cutOffs.cut({ kind: 'family', id })
      },
    }),
    keys: createSecretKeys(database, models),
    cannedReplies: createCannedReplies(database, models),
  }
}

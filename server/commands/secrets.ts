import { identityPlace } from '../auth/identity/identity-secrets.ts'
import { reseal, type SealedColumn } from '../infra/reseal.ts'
import { createSecrets } from '../infra/secrets.ts'
import { archiveKeyPlace } from '../jobs/archive/keys.ts'
import { credentialsPlace } from '../integrations/open-integration.ts'
import { previousWebhookPlace, webhookPlace } from '../tools/catalogue/webhook-secret.ts'
import { mcpCredentialPlace } from '../tools/mcp/address.ts'
import { complain, complainOfUse, say, type Command } from './command.ts'
import { withDatabase } from './with-database.ts'

/** Everything that is kept sealed. */
const SEALED: readonly SealedColumn[] = [
  identityPlace(''),
  webhookPlace(''),
  previousWebhookPlace(''),
  credentialsPlace(''),
  mcpCredentialPlace(''),
  archiveKeyPlace(''),
]

/** What is kept encrypted, when ENCRYPTION_KEY changes. */
export const secrets: Command = {
  help: [
    [
      'secrets rotate',
      'encrypt with ENCRYPTION_KEY what ENCRYPTION_KEY_PREVIOUS has encrypted; may run beside servers',
    ],
  ],
  run(args) {
    if (args.length !== 1 || args[0] !== 'rotate') {
      return Promise.resolve(complainOfUse(`"secrets ${args.join(' ')}" is not known.`, secrets))
    }
    return withDatabase(async (database, config) => {
      const sealer = createSecrets(config.secrets)
      const lines: string[] = []
      let broken = 0
      for (const column of SEALED) {
        const done = await reseal(database, sealer, column)
        broken += done.broken.length
        const { sealedAnew, current } = done
        lines.push(
          `${column.table}.${column.column}: ${sealedAnew} encrypted anew, ${current} were so already`,
        )
        lines.push(...done.broken.map((id) => `  no key opens that of ${id}: it has to be entered again`))
      }
      return broken === 0 ? say(lines.join('\n')) : complain(lines.join('\n'))
    })
  },
}

import { demoClient } from '../../migrations/seeds/demo.ts'
import type { Database, Statement } from '../infra/database.ts'
import type { Logger } from '../infra/logger.ts'
import type { Secrets } from '../infra/secrets.ts'
import {
  openWebhookSecrets,
  WEBHOOK_SECRETS,
  type SealedWebhookSecrets,
} from '../tools/catalogue/webhook-secret.ts'

/** Reads the secrets that sign the demo client's calls: what a business would have been told. May reject. */
export function createSigningSecrets(parts: {
  database: Pick<Database, 'run'>
  secrets: Secrets
  log: Logger
}): () => Promise<readonly string[]> {
  return async () => {
    const [client] = await parts.database.run<{ id: string } & SealedWebhookSecrets>(FIND, [
      demoClient.api_key,
    ])
    return client ? openWebhookSecrets(client.id, client, parts) : []
  }
}

const FIND: Statement = {
  name: 'demo/find-signing-secrets',
  text: `SELECT c.id, ${WEBHOOK_SECRETS} FROM clients c WHERE c.api_key = $1`,
}

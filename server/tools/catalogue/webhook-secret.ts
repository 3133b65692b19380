import type { Client } from '../../../models/client.ts'
import type { Within } from '../../../models/update-while.ts'
import type { SealedPlace, Secrets } from '../../infra/secrets.ts'
import { createWebhookSecret } from '../n8n/sign.ts'

/** Where the secret is sealed with which calls of a client's workflows are signed. */
export function webhookPlace(clientId: string): SealedPlace {
  return { table: 'clients', column: 'webhook_secret', id: clientId }
}

/** Gives a client a new one, in the place of the one that it had, and tells it. */
export async function issueWebhookSecret(client: Client, secrets: Secrets, within: Within): Promise<string> {
  const secret = createWebhookSecret()
  await client.update({ webhook_secret: secrets.seal(secret, webhookPlace(client.id)) }, { ...within })
  return secret
}

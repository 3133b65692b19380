import type { Client } from '../../../models/client.ts'
import type { Within } from '../../../models/update-while.ts'
import type { Logger } from '../../infra/logger.ts'
import { SealBroken, type SealedPlace, type Secrets } from '../../infra/secrets.ts'
import { createWebhookSecret } from '../n8n/sign.ts'

/** Milliseconds for which the secret that a new one replaces goes on counting. */
export const SECRETS_OVERLAP = 24 * 3_600_000

/** Where the secret is sealed with which calls of a client's workflows are signed. */
export function webhookPlace(clientId: string): SealedPlace {
  return { table: 'clients', column: 'webhook_secret', id: clientId }
}

/** Where the one is sealed that it has replaced. */
export function previousWebhookPlace(clientId: string): SealedPlace {
  return { table: 'clients', column: 'webhook_secret_previous', id: clientId }
}

/** Gives a client a new one and tells it. The one that it had counts beside it for a day; an older one no more. */
export async function issueWebhookSecret(client: Client, secrets: Secrets, within: Within): Promise<string> {
  const secret = createWebhookSecret()
  const previous = previousOf(client, secrets)
  await client.update(
    {
      webhook_secret: secrets.seal(secret, webhookPlace(client.id)),
      webhook_secret_previous:
        previous === null ? null : secrets.seal(previous, previousWebhookPlace(client.id)),
      webhook_secret_previous_until: previous === null ? null : new Date(Date.now() + SECRETS_OVERLAP),
    },
    { ...within },
  )
  return secret
}

/** One that cannot be read any more could not be checked against, either. */
function previousOf({ id, webhook_secret }: Client, secrets: Secrets): string | null {
  if (webhook_secret === null) return null
  try {
    return secrets.open(webhook_secret, webhookPlace(id))
  } catch (error) {
    if (error instanceof SealBroken) return null
    throw error
  }
}

/** The secrets of a client that count, sealed. */
export interface SealedWebhookSecrets {
  webhook_secret: string | null
  webhook_secret_previous: string | null
}

/** Those of a client's row. */
export function sealedWebhookSecrets(client: Client): SealedWebhookSecrets {
  const { webhook_secret, webhook_secret_previous, webhook_secret_previous_until: until } = client
  const counts = until !== null && until > new Date()
  return { webhook_secret, webhook_secret_previous: counts ? webhook_secret_previous : null }
}

/** Their columns, of client `c`. */
export const WEBHOOK_SECRETS = `c.webhook_secret,
      CASE WHEN c.webhook_secret_previous_until > now() THEN c.webhook_secret_previous END AS webhook_secret_previous`

/** The secrets of a client that count, the newest first. One that cannot be opened is left out, and logged. */
export function openWebhookSecrets(
  client_id: string,
  { webhook_secret, webhook_secret_previous }: SealedWebhookSecrets,
  { secrets, log }: { secrets: Secrets; log: Logger },
): string[] {
  const open = (sealed: string | null, place: SealedPlace) => {
    if (sealed === null) return []
    try {
      return [secrets.open(sealed, place)]
    } catch (error) {
      if (!(error instanceof SealBroken)) throw error
      log.error({ code: 'webhook_secret_broken', client_id, reason: error.message }, 'a secret is not used')
      return []
    }
  }
  return [
    ...open(webhook_secret, webhookPlace(client_id)),
    ...open(webhook_secret_previous, previousWebhookPlace(client_id)),
  ]
}

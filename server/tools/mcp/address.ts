import type { Logger } from '../../infra/logger.ts'
import { SealBroken, type SealedPlace, type Secrets } from '../../infra/secrets.ts'
import type { McpAddress } from '../../integrations/mcp/post.ts'

/** Where a server's credential is sealed. */
export function mcpCredentialPlace(serverId: string): SealedPlace {
  return { table: 'mcp_servers', column: 'credential', id: serverId }
}

/** What is kept of how a server is reached. */
export interface KeptAddress {
  id: string
  url: string
  credential_header: string | null
  credential: string | null
}

/** How a server is reached, its credential opened; null where no key opens it, which is logged. */
export function addressOf(
  { id, url, credential_header: header, credential }: KeptAddress,
  { secrets, log }: { secrets: Secrets; log: Logger },
): McpAddress | null {
  if (header === null || credential === null) return { url, credential: null }
  try {
    return { url, credential: { header, value: secrets.open(credential, mcpCredentialPlace(id)) } }
  } catch (error) {
    if (!(error instanceof SealBroken)) throw error
    log.error(
      { code: 'mcp_credential_broken', server_id: id, reason: error.message },
      'a server cannot be asked',
    )
    return null
  }
}

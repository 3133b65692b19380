import { callbackUrls } from '../callbacks/callback-url.ts'
import type { DeskParts } from '../desk-parts.ts'
import { createWebhooks } from '../n8n/webhooks.ts'
import { createToolTrials, type ToolTrials } from '../trials/tool-trials.ts'
import { createClientTools, type ClientTools } from './client-tools.ts'
import { createToolCatalogue, type ToolCatalogue } from './tool-catalogue.ts'

/** All that keepers do with the catalogue, and with what clients use of it. */
export interface ToolDesk {
  catalogue: ToolCatalogue
  clientTools: ClientTools
  trials: ToolTrials
}

/** `origin`: the address by which workflows reach us, without a slash at its end. */
export function openToolDesk(parts: DeskParts & { origin: string }): ToolDesk {
  const { database, models, compile, outbound, origin } = parts
  return {
    catalogue: createToolCatalogue(database, models, compile),
    clientTools: createClientTools(database, models, parts),
    trials: createToolTrials({
      ...{ ...parts, webhooks: createWebhooks({ outbound }), callbackUrl: callbackUrls(origin) },
    }),
  }
}

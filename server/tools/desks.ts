import { openToolDesk, type ToolDesk } from './catalogue/desk.ts'
import type { DeskParts } from './desk-parts.ts'
import { openIntegrationDesk, type IntegrationDesk } from './integrations/desk.ts'
import { openMcpDesk, type McpDesk } from './mcp/desk.ts'

/** Where people keep what models may call. Every change is in the audit log, with who has made it. */
export interface Desks {
  tools: ToolDesk
  integrations: IntegrationDesk
  mcp: McpDesk
}

/** `origin`: the address by which workflows reach us, without a slash at its end. */
export function openDesks(parts: DeskParts & { origin: string }): Desks {
  return {
    tools: openToolDesk(parts),
    integrations: openIntegrationDesk(parts),
    mcp: openMcpDesk(parts),
  }
}

import type { Database, Statement } from '../../infra/database.ts'
import { WEBHOOK_SECRETS, type SealedWebhookSecrets } from '../catalogue/webhook-secret.ts'
import type { ToolOutcome } from '../outcome.ts'
import { saysStarted } from '../words.ts'

/** A call to which a result may be brought, with who signs for it. */
export interface AwaitingCall extends SealedWebhookSecrets {
  client_id: string
  /** The client is not shut. */
  active: boolean
  conversation_id: string
  tool: string
  arguments: Record<string, unknown>
  /** What it was answered with; null: nothing yet, or nobody knows. */
  outcome: ToolOutcome | null
  /** It was made too long ago. */
  late: boolean
  /** It was brought a result. */
  brought: boolean
}

/**
 * Days for which a result may come: work that waits for a person outlasts a long weekend. Beyond, nobody is there to
 * hear it.
 */
const DAYS = 7

/** $1 execution */
const FIND: Statement = {
  name: 'tools/find-awaiting-call',
  text: `
    SELECT e.client_id, c.status = 'active' AS active, e.conversation_id, e.tool_name AS tool, e.parameters AS arguments,
      e.n8n_response AS outcome, e."timestamp" <= now() - interval '${String(DAYS)} days' AS late,
      e.late_at IS NOT NULL AS brought,
      ${WEBHOOK_SECRETS}
    FROM tool_executions e JOIN clients c ON c.id = e.client_id
    WHERE e.id = $1::uuid`,
}

/** Undefined where there is no such call. Rejects with `DatabaseUnavailable`. */
export async function findCall(
  database: Pick<Database, 'run'>,
  executionId: string,
): Promise<AwaitingCall | undefined> {
  const [call] = await database.run<AwaitingCall>(FIND, [executionId])
  return call
}

/**
 * Whether a result may still come: it has not answered yet, or answered that it is at work, or nobody knows whether it
 * works. One that answered, refused or was never made has come to its end.
 */
export function isAwaited(outcome: ToolOutcome | null): boolean {
  if (outcome === null) return true
  if ('fault' in outcome) return outcome.sent
  return 'status' in outcome && (outcome.status >= 500 || saysStarted(outcome))
}

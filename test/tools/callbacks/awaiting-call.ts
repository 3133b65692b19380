import { randomUUID } from 'node:crypto'
import { defineModels } from '../../../models/index.ts'
import type { Json } from '../../../models/tool-execution.ts'
import type { Database } from '../../../server/infra/database.ts'
import type { Secrets } from '../../../server/infra/secrets.ts'
import { issueWebhookSecret } from '../../../server/tools/catalogue/webhook-secret.ts'
import { webhookHeaders } from '../../../server/tools/n8n/sign.ts'

/** What n8n says of work that goes on. */
export const STARTED: Json = { status: 202, kind: 'empty', body: null }

/** Writes down a call of a conversation, of one of its own where none is named, with what it was answered. Gives its id. */
export async function makeCall(
  database: Database,
  client_id: string,
  { conversation_id, outcome = STARTED }: { conversation_id?: string; outcome?: Json } = {},
): Promise<string> {
  const { ToolExecution } = defineModels(database.sequelize)
  const call = {
    turn: 99,
    step: 0,
    call_id: randomUUID(),
    tool_name: 'refund',
    parameters: { order: '1001' },
  }
  const place = {
    client_id,
    conversation_id: conversation_id ?? (await makeConversation(database, client_id)),
  }
  const ended = outcome === null ? {} : { success: true, n8n_response: outcome, execution_time_ms: 9 }
  return (await ToolExecution.create({ ...call, ...place, ...ended })).id
}

async function makeConversation(database: Database, client_id: string): Promise<string> {
  const { Visitor, Session, Conversation } = defineModels(database.sequelize)
  const visitor = await Visitor.create({ client_id })
  const session = { id: randomUUID(), client_id, visitor_id: visitor.id, token_hash: Buffer.alloc(32) }
  const { id: session_id } = await Session.create(session)
  return (await Conversation.create({ id: randomUUID(), client_id, session_id })).id
}

/** Gives a client another secret for signing. */
export async function giveSecret(database: Database, client_id: string, secrets: Secrets): Promise<string> {
  const { Client } = defineModels(database.sequelize)
  const client = await Client.findByPk(client_id, { rejectOnEmpty: true })
  return issueWebhookSecret(client, secrets, {})
}

/** The headers of a body that is signed now. */
export function signed(body: string, ...secrets: string[]) {
  return webhookHeaders(
    { id: `msg_${randomUUID()}`, seconds: Math.floor(Date.now() / 1_000), body },
    ...secrets,
  )
}

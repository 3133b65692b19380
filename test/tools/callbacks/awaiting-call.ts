import { randomUUID } from 'node:crypto'
import { defineModels } from '../../../models/index.ts'
import type { Json } from '../../../models/tool-execution.ts'
import type { Database, Statement } from '../../../server/infra/database.ts'
import type { Secrets } from '../../../server/infra/secrets.ts'
import { issueWebhookSecret } from '../../../server/tools/catalogue/webhook-secret.ts'
import { webhookHeaders } from '../../../server/tools/n8n/sign.ts'
import { makeSession } from '../../support/factories.ts'

/** What n8n says of work that goes on. */
export const STARTED: Json = { status: 202, kind: 'empty', body: null }

const ADD_CONVERSATION: Statement = {
  name: 'test/add-conversation',
  text: 'INSERT INTO conversations (id, client_id, session_id) VALUES ($1, $2, $3)',
}

const ADD_CALL: Statement = {
  name: 'test/add-call',
  text: `
    INSERT INTO tool_executions (client_id, conversation_id, turn, step, call_id, tool_name, parameters, success, n8n_response)
    VALUES ($1, $2, 99, 0, $3, 'refund', '{"order":"1001"}', true, $4::jsonb) RETURNING id`,
}

/** Writes down a call of a conversation, of one of its own where none is named, with what it was answered. Gives its id. */
export async function makeCall(
  database: Database,
  client_id: string,
  { conversation_id, outcome = STARTED }: { conversation_id?: string; outcome?: Json } = {},
): Promise<string> {
  const place = conversation_id ?? randomUUID()
  if (conversation_id === undefined) {
    const session = await makeSession(database, { id: client_id })
    await database.run(ADD_CONVERSATION, [place, client_id, session.id])
  }
  const values = [client_id, place, randomUUID(), JSON.stringify(outcome)]
  const [call] = await database.run<{ id: string }>(ADD_CALL, values)
  return call!.id
}

/** Gives a client another secret for signing. */
export async function giveSecret(database: Database, client_id: string, secrets: Secrets): Promise<string> {
  const { Client } = defineModels(database.sequelize)
  const client = await Client.findByPk(client_id, { rejectOnEmpty: true })
  return issueWebhookSecret(client, secrets, {})
}

/** The headers of a body that is signed now. */
export function signed(body: string | Buffer, ...secrets: string[]) {
  return webhookHeaders(
    { id: `msg_${randomUUID()}`, seconds: Math.floor(Date.now() / 1_000), body },
    ...secrets,
  )
}

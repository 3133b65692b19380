import { demoClient, demoDocuments } from '../migrations/seeds/demo.ts'
import type { Database, Statement } from './infra/database.ts'
import { saveDocuments } from './knowledge/ingest.ts'

const ADD_DEMO_CLIENT: Statement = {
  name: 'seed/add-demo-client',
  text: `
    INSERT INTO clients (name, api_key, domain, allowed_origins, branding, business_info)
    VALUES ($1, $2, $3, $4, $5, $6)
    ON CONFLICT (api_key) DO NOTHING`,
}

const FIND_DEMO_CLIENT: Statement = {
  name: 'seed/find-demo-client',
  text: `
    SELECT id, EXISTS (SELECT FROM knowledge_documents WHERE client_id = clients.id) AS knows
    FROM clients WHERE api_key = $1`,
}

/**
 * Brings in the demo shop and its help pages. Whatever is there already stays as it is: a changed client, a changed
 * FAQ. Safe to run at every start and on several nodes at once.
 */
export async function seedDemo(database: Database): Promise<void> {
  const { name, api_key, domain, allowed_origins, branding, business_info } = demoClient
  await database.run(ADD_DEMO_CLIENT, [name, api_key, domain, allowed_origins, branding, business_info])
  const [client] = await database.run<{ id: string; knows: boolean }>(FIND_DEMO_CLIENT, [api_key])
  if (!client) throw new Error('the demo client was neither there nor added')
  if (client.knows) return
  const documents = demoDocuments.map(({ title, entries }) => ({
    title,
    kind: 'faq' as const,
    passages: entries.map(({ question, answer }) => ({ title: question, content: answer })),
  }))
  const saved = await saveDocuments(database, client.id, documents)
  if (!saved.ok) throw new Error(`the demo client's FAQ was refused: ${saved.error.message}`)
}

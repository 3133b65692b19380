import { demoClient, demoDocuments, demoTools } from '../migrations/seeds/demo.ts'
import { defineModels } from '../models/index.ts'
import type { Config } from './config/config.ts'
import { DEMO_SHOP } from './config/demo-shop.ts'
import { readDemoTools } from './demo/tools.ts'
import type { Database, Statement } from './infra/database.ts'
import { createSecrets } from './infra/secrets.ts'
import { createSchemaCompiler } from './infra/validate.ts'
import { saveDocuments } from './knowledge/ingest.ts'
import { createClientTools } from './tools/catalogue/client-tools.ts'
import { checkParametersSchema } from './tools/catalogue/parameters-schema.ts'

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

const ADD_TOOL: Statement = {
  name: 'seed/add-tool',
  text: `
    INSERT INTO tools (tool_name, description, parameters_schema, category) VALUES ($1, $2, $3::jsonb, $4)
    ON CONFLICT (tool_name) DO NOTHING`,
}

const ACTS: Statement = {
  name: 'seed/demo-client-acts',
  text: `
    SELECT EXISTS (SELECT FROM client_tools WHERE client_id = clients.id) AS acts FROM clients WHERE api_key = $1`,
}

/**
 * Lets the demo shop use the tools that its backend answers, where it uses none. What of the catalogue is there already
 * stays as it is. As safe as `seedDemo`, which comes first.
 */
export async function seedDemoTools(
  database: Database,
  { secrets, outbound }: Pick<Config, 'secrets' | 'outbound'>,
): Promise<void> {
  const key = demoClient.api_key
  const [client] = await database.run<{ acts: boolean }>(ACTS, [key])
  if (client?.acts !== false) return
  const keeping = { compile: createSchemaCompiler(), secrets: createSecrets(secrets), allow: outbound.allow }
  const clientTools = createClientTools(database, defineModels(database.sequelize), keeping)
  for (const { tool_name, description, parameters_schema, category = 'general' } of readDemoTools()) {
    const checked = checkParametersSchema(parameters_schema)
    if (!checked.ok) throw new Error(`${tool_name}: ${checked.path} ${checked.problem}`)
    await database.run(ADD_TOOL, [tool_name, description, JSON.stringify(checked.schema), category])
    const url = `${DEMO_SHOP.url}/webhook/${tool_name}`
    const set = await clientTools.set(key, tool_name, { n8n_webhook_url: url, ...demoTools[tool_name] })
    if (!set.ok) throw new Error(`the demo client's ${tool_name} was refused: ${set.error.message}`)
  }
}

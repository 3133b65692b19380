import { demoClient, demoEndpoint, demoTools } from '../../migrations/seeds/demo.ts'
import { defineModels } from '../../models/index.ts'
import type { Result } from '../../protocol/result.ts'
import type { Config } from '../config/config.ts'
import { DEMO_SHOP } from '../config/demo-shop.ts'
import type { Database, Statement } from '../infra/database.ts'
import type { Logger } from '../infra/logger.ts'
import { createOutbound } from '../infra/outbound/index.ts'
import { createSecrets } from '../infra/secrets.ts'
import { createSchemaCompiler } from '../infra/validate.ts'
import { createClientTools } from '../tools/catalogue/client-tools.ts'
import { checkParametersSchema } from '../tools/catalogue/parameters-schema.ts'
import { openIntegrationDesk } from '../tools/integrations/desk.ts'
import { readDemoTools } from './tools.ts'

type Needed = Pick<Config, 'secrets' | 'outbound'>

/**
 * Lets the demo shop use the tools and the API that its backend answers, each where it uses none. What of the catalogue
 * is there already stays as it is. Safe to run at every start and on several nodes at once, after `seedDemo`.
 */
export async function seedDemoTools(database: Database, config: Needed, log: Logger): Promise<void> {
  const client = await findUses(database)
  if (client?.acts === false) await seedTools(database, config)
  if (client?.asks === false) await seedApi(database, config, log)
}

async function findUses(database: Database): Promise<{ acts: boolean; asks: boolean } | undefined> {
  const [client] = await database.run<{ acts: boolean; asks: boolean }>(USES, [demoClient.api_key])
  return client
}

const USES: Statement = {
  name: 'demo/what-the-client-uses',
  text: `
    SELECT EXISTS (SELECT FROM client_tools WHERE client_id = clients.id) AS acts,
      EXISTS (SELECT FROM client_integrations WHERE client_id = clients.id) AS asks
    FROM clients WHERE api_key = $1`,
}

const ADD_TOOL: Statement = {
  name: 'demo/add-tool',
  text: `
    INSERT INTO tools (tool_name, description, parameters_schema, category) VALUES ($1, $2, $3::jsonb, $4)
    ON CONFLICT (tool_name) DO NOTHING`,
}

async function seedTools(database: Database, { secrets, outbound }: Needed): Promise<void> {
  const keeping = { compile: createSchemaCompiler(), secrets: createSecrets(secrets), allow: outbound.allow }
  const clientTools = createClientTools(database, defineModels(database.sequelize), keeping)
  for (const { tool_name, description, parameters_schema, category = 'general' } of readDemoTools()) {
    const checked = checkParametersSchema(parameters_schema)
    if (!checked.ok) throw new Error(`${tool_name}: ${checked.path} ${checked.problem}`)
    await database.run(ADD_TOOL, [tool_name, description, JSON.stringify(checked.schema), category])
    const url = `${DEMO_SHOP.url}/webhook/${tool_name}`
    const changes = { n8n_webhook_url: url, ...demoTools[tool_name] }
    mustWork(await clientTools.set({ api_key: demoClient.api_key }, { tool_name }, changes))
  }
}

/** Of nodes that start at once one connects it; the others find it. */
async function seedApi(database: Database, { secrets, outbound }: Needed, log: Logger): Promise<void> {
  const { integrations, endpoints } = openIntegrationDesk({
    ...{ database, models: defineModels(database.sequelize), compile: createSchemaCompiler(), log },
    ...{ secrets: createSecrets(secrets), outbound: createOutbound(outbound), allow: outbound.allow },
  })
  const client = { api_key: demoClient.api_key }
  const config = { base_url: DEMO_SHOP.url, auth: { type: 'none' }, test_path: '/api/stores' }
  const made = await integrations.create(client, { name: API, type: 'custom_api', config })
  if (!made.ok && (await findUses(database))?.asks === true) return
  mustWork(made)
  mustWork(await endpoints.save(client, { name: API }, demoEndpoint))
}

/** Before the names of its functions. */
const API = 'shop'

function mustWork(result: Result<unknown>): void {
  if (!result.ok) throw new Error(`the demo shop's tools were refused: ${result.error.message}`)
}

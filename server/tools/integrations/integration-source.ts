import { LRUCache } from 'lru-cache'
import type { Logger } from '../../infra/logger.ts'
import type { CallFunction } from '../../integrations/call-function.ts'
import type { IntegrationDirectory } from '../../integrations/integration-directory.ts'
import type { Fetched, IntegrationFunction } from '../../integrations/kind.ts'
import { functionName, type OpenIntegration } from '../../integrations/open-integration.ts'
import { checkParametersSchema, type CheckedSchema } from '../catalogue/parameters-schema.ts'
import { spokenName } from '../spoken-name.ts'
import type { ToolOutcome } from '../outcome.ts'
import type { CalledFor, ToolSource, UsableTool } from '../usable-tool.ts'

/** Compiled schemas kept. */
const SCHEMAS_KEPT = 500

export interface IntegrationSourceParts {
  directory: IntegrationDirectory
  callFunction: CallFunction
  log: Logger
}

/** What clients' systems can be asked, as tools, by name. A function that cannot be offered is left out, and logged. */
export function createIntegrationSource({
  directory,
  callFunction,
  log,
}: IntegrationSourceParts): ToolSource {
  const schemas = new LRUCache<string, CheckedSchema>({ max: SCHEMAS_KEPT })
  return {
    async of(clientId) {
      const integrations = await directory.of(clientId)
      return integrations.flatMap((integration) =>
        integration.functions.flatMap((fn) => toolOf(integration, fn) ?? []),
      )
    },
  }

  function toolOf(integration: OpenIntegration, fn: IntegrationFunction): UsableTool | null {
    const name = functionName(integration.name, fn.name)
    const checked = checkedOnce(fn.parameters)
    if (!checked.ok) {
      const { client_id } = integration
      const { path, problem } = checked
      log.warn(
        { code: 'integration_schema_broken', client_id, tool: name, path, problem },
        'it is not offered',
      )
      return null
    }
    return {
      definition: { name, description: fn.description, parameters: checked.schema },
      check: checked.check,
      policy: fn.policy,
      idempotent: fn.policy === 'read',
      label: fn.label ?? spokenName(fn.name),
      returnsOthersWords: fn.returnsOthersWords,
      async call({ given, key, timeLeft, for: calledFor }, signal) {
        const user = provenUser(calledFor)
        return outcomeOf(await callFunction(integration, { fn, given, user, key, timeLeft }, signal))
      },
    }
  }

  function checkedOnce(schema: Record<string, unknown>): CheckedSchema {
    const key = JSON.stringify(schema)
    const found = schemas.get(key) ?? checkParametersSchema(schema)
    schemas.set(key, found)
    return found
  }
}

/** What somebody says of who they are is nothing to go by. */
function provenUser({ user_identifier, proven }: CalledFor): string | null {
  return proven ? user_identifier : null
}

function outcomeOf(fetched: Fetched): ToolOutcome {
  if (fetched.ok) {
    const { data } = fetched
    return data === null
      ? { status: 204, kind: 'empty', body: null }
      : { status: 200, kind: 'json', body: data }
  }
  const { problem, message, sent } = fetched
  if (problem === 'not_signed_in') return { refused: message }
  if (problem === 'paused') return { fault: 'paused', sent: false }
  return { failed: message, sent }
}

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { SavedTool } from '../../protocol/tools.ts'
import { projectRoot } from '../config/project-root.ts'
import type { CheckArguments } from '../tools/catalogue/check-arguments.ts'
import { checkParametersSchema } from '../tools/catalogue/parameters-schema.ts'

/** The webhooks of the demo shop: the tools whose workflows are in `n8n-workflows/`. */
const NAMES = ['get_order_status', 'check_inventory', 'get_product_info', 'book_appointment'] as const
export type DemoToolName = (typeof NAMES)[number]

/** Their entries for the catalogue, as they are imported into any installation. */
export function readDemoTools(): (SavedTool & { tool_name: DemoToolName })[] {
  return NAMES.map((name) => {
    const file = join(projectRoot(), 'n8n-workflows', 'tools', `${name}.json`)
    return { ...(JSON.parse(readFileSync(file, 'utf8')) as SavedTool), tool_name: name }
  })
}

/** Checks the arguments of their calls; null for what is none of them. Reads their schemas when first asked. */
export function createToolChecks(): (tool: string) => CheckArguments | null {
  let checks: ReadonlyMap<string, CheckArguments> | null = null
  return (tool) => {
    checks ??= new Map(readDemoTools().map((one) => [one.tool_name, checkOf(one)]))
    return checks.get(tool) ?? null
  }
}

function checkOf({ tool_name, parameters_schema }: SavedTool): CheckArguments {
  const checked = checkParametersSchema(parameters_schema)
  if (!checked.ok) throw new Error(`${tool_name}: ${checked.path} ${checked.problem}`)
  return checked.check
}

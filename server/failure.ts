import { ConfigError } from './config/fault.ts'
import { DatabaseUnavailable } from './infra/database.ts'
import { StartError } from './infra/start-error.ts'

/**
 * What the operator is told about a failure: one line for what he can mend (a line for each fault of the
 * configuration), and the whole stack of a bug.
 */
export function describeFailure(error: unknown): string {
  if (error instanceof ConfigError) return describeFaults(error)
  if (error instanceof StartError || error instanceof DatabaseUnavailable) {
    return `Parlor cannot run: ${error.message}`
  }
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}

function describeFaults({ faults, message }: ConfigError): string {
  if (faults.length === 1) return `Parlor cannot run: ${message}`
  return `Parlor cannot run: its configuration has ${faults.length} faults:\n${message.replace(/^/gm, '  ')}`
}

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { projectRoot } from './project-root.ts'

/** The variables that are set. An empty one counts as unset and is not in here. */
export type Env = Readonly<Record<string, string>>

/**
 * Reads the environment, and below it the project's `.env` file if there is one: a variable of the real
 * environment wins, also when it is empty. This is the only place that reads `process.env`.
 */
export function readEnv(): Env {
  const merged = { ...readEnvFile(join(projectRoot(), '.env')), ...process.env }
  const set: Record<string, string> = {}
  for (const [name, value] of Object.entries(merged)) {
    const trimmed = value?.trim()
    if (trimmed) set[name] = trimmed
  }
  return set
}

function readEnvFile(path: string): NodeJS.Dict<string> {
  try {
    return parseEnv(readFileSync(path, 'utf8'))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {}
    throw error
  }
}

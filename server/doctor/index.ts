import type { Config } from '../config/config.ts'
import { readConfig } from '../config/config.ts'
import type { Env } from '../config/env.ts'
import { ConfigError } from '../config/fault.ts'
import { examineDatabase } from './database.ts'
import { findingsOf, type Finding } from './finding.ts'
import { examineBuild, examineEngine, examineNode, type LoadEngine } from './machine.ts'
import { examinePort } from './port.ts'
import { examineModels } from './models.ts'
import { examineProxy } from './proxy.ts'
import { examineRedis } from './redis.ts'
import { examineSecrets } from './secrets.ts'
import { examineWorkers } from './workers.ts'

export interface DoctorParts {
  env: Env
  /** Also asks each model one word, which costs as much. */
  online: boolean
  /** Tries to load uWebSockets.js. */
  loadEngine: LoadEngine
  /** Tells each finding as soon as it is made. */
  tell: (finding: Finding) => void
}

/**
 * Looks at everything a server needs, without changing anything and also while one runs on the same data, and tells
 * what it finds. Resolves with all findings. No check waits longer than about twenty seconds.
 */
export async function examine({ env, online, loadEngine, tell }: DoctorParts): Promise<Finding[]> {
  const findings: Finding[] = []
  const add = (...found: Finding[]) => {
    findings.push(...found)
    found.forEach(tell)
  }
  const config = readConfiguration(env, add)
  add(examineNode(process.versions.node))
  add(examineEngine(config?.engine ?? 'auto', loadEngine))
  if (config === null) return findings
  add(await examineBuild(config.publicDir))
  add(...examineSecrets(env, config))
  for await (const finding of examineDatabase(config)) add(finding)
  for await (const finding of examineRedis(config)) add(finding)
  add(examineWorkers(config))
  add(...(await examinePort(config.http)))
  add(...examineProxy(config))
  for await (const finding of examineModels(config.llm, online)) add(finding)
  return findings
}

/** Null, with a problem for each fault, when the configuration cannot be used. */
function readConfiguration(env: Env, add: (...found: Finding[]) => void): Config | null {
  const { ok, warning, problem } = findingsOf('Configuration')
  try {
    const config = readConfig(env)
    add(ok(`${config.database.url === null ? 'embedded database' : 'Postgres'}, no faults`))
    if (!config.rateLimits) add(warning('RATE_LIMITS=off: nobody is limited. Use it for load tests only.'))
    return config
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    add(...error.message.split('\n').map((line) => problem(`${line}.`)))
    return null
  }
}

import type { Config } from '../config/config.ts'
import type { Env } from '../config/env.ts'
import { findingsOf, type Finding } from './finding.ts'

const NAMES = ['JWT_SECRET', 'ENCRYPTION_KEY'] as const

/** Where the secrets come from. That they must be given beside a Postgres, the configuration has said already. */
export function* examineSecrets(env: Env, { data }: Pick<Config, 'data'>): Generator<Finding> {
  const { ok, warning } = findingsOf('Secrets')
  const kept = NAMES.filter((name) => env[name] === undefined)
  yield ok(
    kept.length === 0
      ? `${NAMES.join(' and ')} are set`
      : `${kept.join(' and ')}: kept in ${data.dir}, where the first start makes what is missing`,
  )
  if (env['ENCRYPTION_KEY_PREVIOUS'] !== undefined)
    yield warning('ENCRYPTION_KEY_PREVIOUS is set. Run secrets rotate, then take it away.')
}

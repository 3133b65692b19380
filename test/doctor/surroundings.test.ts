import assert from 'node:assert/strict'
import { readConfig } from '../../server/config/config.ts'
import { describeFinding } from '../../server/doctor/finding.ts'
import { examineSecrets } from '../../server/doctor/secrets.ts'
import { examineWorkers } from '../../server/doctor/workers.ts'
import { SHARED_SECRETS } from '../support/shared-secrets.ts'

const SHARED = { ...SHARED_SECRETS, DATABASE_URL: 'postgres://db/parlor', REDIS_URL: 'redis://cache' }

describe('The doctor', () => {
  it('compares workers with cores, and says where there could be more', () => {
    const told = (env: Record<string, string>) => describeFinding(examineWorkers(readConfig(env), 4))
    assert.match(
      told({ ...SHARED, WORKERS: '8' }),
      /^warning +Workers +WORKERS is 8, and this machine has 4 cores/,
    )
    assert.match(told({ ...SHARED, WORKERS: '4' }), /^ok +Workers +4 processes on one port, for 4 cores$/)
    assert.match(told(SHARED), /^ok +Workers +one process; WORKERS=auto makes it 4/)
    assert.match(told({}), /^ok +Workers +one process$/)
  })

  it('says where secrets come from, shows none, and asks for the end of an old one', () => {
    const told = (env: Record<string, string>) =>
      [...examineSecrets(env, readConfig(env))].map(describeFinding).join('\n')
    assert.match(told(SHARED), /^ok +Secrets +JWT_SECRET and ENCRYPTION_KEY are set$/)
    assert.match(told({ DATA_DIR: '/d' }), /^ok +Secrets +JWT_SECRET and ENCRYPTION_KEY: kept in \/d/)
    const old = told({ ...SHARED, ENCRYPTION_KEY_PREVIOUS: 'f'.repeat(64) })
    assert.match(old, /\nwarning +Secrets +ENCRYPTION_KEY_PREVIOUS is set/)
    assert.doesNotMatch(old, /ffff/)
  })
})

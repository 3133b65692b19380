import assert from 'node:assert/strict'
import { readConfig } from '../../server/config/config.ts'
import { describeFinding } from '../../server/doctor/finding.ts'
import { examineRedis } from '../../server/doctor/redis.ts'
import { startOwnRedis, type OwnRedis } from '../support/own-redis.ts'
import { SHARED_SECRETS } from '../support/shared-secrets.ts'

async function told(env: Record<string, string>): Promise<string[]> {
  const lines: string[] = []
  for await (const finding of examineRedis(readConfig(env))) lines.push(describeFinding(finding))
  return lines
}

describe('The doctor, of Redis', () => {
  const open: OwnRedis[] = []
  afterEach(async () => {
    for (const one of open.splice(0)) await one.close()
  })
  const start = async (...settings: string[]) => {
    const own = await startOwnRedis({ settings })
    open.push(own)
    return own
  }

  it('says its version and how long it takes to answer', async () => {
    const lines = await told({ REDIS_URL: (await start()).url })
    assert.equal(lines.length, 1)
    assert.match(lines[0] ?? '', /^ok +Redis +Redis \d+\.\d+\.\d+ answers in \d+\.\d ms\.$/)
  })

  it('says why it cannot be used', async () => {
    const own = await start('--requirepass', 'right')
    assert.match(
      (await told({ REDIS_URL: own.url })).join(),
      /^problem +Redis +.+ refused our user or password/,
    )
    await own.stop()
    assert.match((await told({ REDIS_URL: own.url })).join(), /^problem +Redis +No Redis is listening at/)
  })

  it('warns of one that refuses when it is full, and of no other', async () => {
    const full = await start('--maxmemory', '64mb', '--maxmemory-policy', 'noeviction')
    assert.match(
      (await told({ REDIS_URL: full.url })).join('\n'),
      /\nwarning +Redis +It takes nothing new once it has 64 MB .+ Set allkeys-lru/,
    )
    const good = await start('--maxmemory', '64mb', '--maxmemory-policy', 'allkeys-lru')
    assert.equal((await told({ REDIS_URL: good.url })).length, 1)
  })

  it('says that a node without one must be the only one on its Postgres', async () => {
    assert.deepEqual(await told({}), [])
    const alone = await told({ ...SHARED_SECRETS, DATABASE_URL: 'postgres://db/parlor' })
    assert.match(alone.join(), /must be the only one/)
  })
})

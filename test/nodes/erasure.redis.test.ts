import assert from 'node:assert/strict'
import { after, before, describe, it } from 'mocha'
import type { VisitorErased } from '../../protocol/privacy.ts'
import { KEYS } from '../../server/infra/keys.ts'
import { createRedisPieces } from '../../server/infra/redis/pieces.ts'
import { openRedis, type Redis } from '../../server/infra/redis/redis.ts'
import { instantProvider } from '../attacks/instant-provider.ts'
import { startApp, type TestApp } from '../support/app.ts'
import { openTestDatabase, silentLog, type TestDatabase } from '../support/databases.ts'
import { eventually } from '../support/eventually.ts'
import { makeSession } from '../support/factories.ts'
import { startOwnRedis, type OwnRedis } from '../support/own-redis.ts'
import { addPerson, demoClient, JWT_SECRET, type KeptPerson } from '../support/person.ts'

const WORD = 'xylophonequartz'
const LIMITS = { connect: 2_000, command: 2_000, retry: { shortest: 10, longest: 50 } }
const MINUTE = 60_000

describe('Erasing a visitor of whom Redis knows', () => {
  let own: OwnRedis
  let place: TestDatabase
  let redis: Redis
  let app: TestApp
  let demo: { id: string }
  let admin: KeptPerson

  before(async function () {
    this.timeout(60_000)
    own = await startOwnRedis()
    place = await openTestDatabase()
    redis = await openRedis(own.url, silentLog, LIMITS)
    app = await startApp({ provider: instantProvider, place, redis, env: { JWT_SECRET } })
    demo = await demoClient(place.database)
    admin = await addPerson(place.database, { client: demo, role: 'admin' })
  })
  after(async () => {
    await app.close()
    redis.close()
    await own.close()
  })

  const post = (path: string, token: string, body?: object) =>
    fetch(`${app.url}/api${path}`, {
      ...{ method: 'POST', headers: { authorization: `Bearer ${token}` } },
      ...(body && { body: JSON.stringify(body) }),
    })

  /** Somebody who said the word, and what a node that died has left of an answer. */
  async function speak(): Promise<{ visitor: string; ids: string[] }> {
    const session = await makeSession(place.database, demo)
    const message = { client_api_key: 'pk_demo', session_id: session.id, message: `I am ${WORD}` }
    assert.equal((await post('/v1/chat', session.token, message)).status, 200)
    const [row] = await place.database.run<{ id: string }>(
      { name: 'test/conversation-of', text: 'SELECT id FROM conversations WHERE session_id = $1' },
      [session.id],
    )
    const pieces = createRedisPieces(redis)
    await pieces.put(KEYS.reply(row!.id), '1.1.0.1.0', `You are ${WORD}`, 60 * MINUTE)
    return { visitor: session.visitor_id, ids: [session.visitor_id, session.id, row!.id] }
  }

  /** Everything that Redis has, keys and values, as text. */
  async function everything(): Promise<string> {
    const keys = await redis.commands.keys('*')
    const texts = keys.map(async (key) => {
      const isHash = (await redis.commands.type(key)) === 'hash'
      const value = isHash ? await redis.commands.hgetall(key) : await redis.commands.get(key)
      return `${key} ${JSON.stringify(value)}`
    })
    return (await Promise.all(texts)).join('\n')
  }

  async function erase(visitor: string): Promise<number> {
    const erased = await post(`/admin/clients/${demo.id}/visitors/${visitor}/erase`, admin.token)
    assert.equal(erased.status, 200)
    const { receipt } = (await erased.json()) as VisitorErased
    return Date.parse(receipt.cached_until!) - Date.now()
  }

  it('leaves nothing of it there', async () => {
    const { visitor, ids } = await speak()
    await eventually(async () => {
      const kept = await everything()
      for (const text of [KEYS.conversation(ids[1]!), KEYS.reply(ids[2]!)]) assert.ok(kept.includes(text))
      assert.ok(kept.includes(`I am ${WORD}`) && kept.includes(`You are ${WORD}`))
    })
    const left = await erase(visitor)
    const kept = await everything()
    for (const text of [WORD, ...ids]) assert.ok(!kept.includes(text), text)
    assert.ok(left > 9 * MINUTE && left <= 10 * MINUTE)
  })

  it('says how long it may still be there while Redis cannot be told', async () => {
    const { visitor } = await speak()
    await own.stop()
    const left = await erase(visitor)
    assert.ok(left > 59 * MINUTE && left <= 60 * MINUTE)
  })
})

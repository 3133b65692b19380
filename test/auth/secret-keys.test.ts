import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'mocha'
import { defineModels } from '../../models/index.ts'
import { RATES } from '../../protocol/limits.ts'
import { createSecretKeyDirectory } from '../../server/auth/secret-key-directory.ts'
import { createSecretKeys, type SecretKeys } from '../../server/auth/secret-keys.ts'
import type { Database } from '../../server/infra/database.ts'
import { createRateLimits } from '../../server/infra/rate-limit.ts'
import { openTestDatabase, type TestDatabase } from '../support/databases.ts'
import { makeClient, type TestClient } from '../support/factories.ts'

const WRONG = `sk_${'a'.repeat(43)}`

let held: TestDatabase
let keys: SecretKeys
let client: TestClient
before(async function () {
  this.timeout(60_000)
  held = await openTestDatabase()
  keys = createSecretKeys(held.database, defineModels(held.database.sequelize))
  client = await makeClient(held.database)
})
after(() => held.close())

async function issue(name = 'backend', of = client) {
  const issued = await keys.create({ api_key: of.api_key }, name)
  assert.ok(issued.ok)
  return issued.data
}

async function read<T>(sql: string, ...bind: unknown[]): Promise<T[]> {
  const [rows] = await held.database.sequelize.query(sql, { bind })
  return rows as T[]
}

describe('a secret key', () => {
  it('is of 256 bits, and nothing that is kept tells it', async () => {
    const { key, secretKey } = await issue()
    assert.match(key, /^sk_[A-Za-z0-9_-]{43}$/)
    assert.ok(key.startsWith(secretKey.prefix))
    const kept = JSON.stringify([
      await read('SELECT *, encode(key_hash, $1) FROM secret_keys', 'escape'),
      await read('SELECT * FROM audit_log'),
    ])
    assert.ok(kept.includes(secretKey.id) && !kept.includes(key))
  })

  it('is listed under its client with its prefix', async () => {
    const other = await makeClient(held.database)
    const { secretKey } = await issue('shop', other)
    const [listed, ...more] = await keys.list({ api_key: other.api_key })
    assert.deepEqual(more, [])
    assert.equal(listed!.secretKey.prefix, secretKey.prefix)
    assert.equal(listed!.clientKey, other.api_key)
    assert.ok((await keys.list()).length > 1)
  })

  it('of no client, of no id, or ended, is not found', async () => {
    const { secretKey } = await issue()
    await keys.revoke({ id: secretKey.id })
    for (const answer of [
      await keys.create({ api_key: 'pk_nobody' }, 'backend'),
      await keys.rotate({ id: '1' }, 0),
      await keys.revoke({ id: '00000000-0000-4000-8000-000000000000' }),
      await keys.revoke({ id: secretKey.id }),
      await keys.rotate({ id: secretKey.id }, 0),
    ]) {
      assert.equal(!answer.ok && answer.error.code, 'not_found')
    }
  })

  it('leaves a line in the audit log for each deed', async () => {
    const { secretKey } = await issue('audited')
    const rotated = await keys.rotate({ id: secretKey.id }, 60_000)
    assert.ok(rotated.ok)
    await keys.revoke({ id: rotated.data.secretKey.id })
    const lines = await read<{
      action: string
      actor: string
      client_id: string
      details: { key_id: string }
    }>("SELECT * FROM audit_log WHERE details->>'name' = 'audited' ORDER BY id")
    const next = rotated.data.secretKey.id
    assert.deepEqual(
      lines.map(({ action, details }) => [action, details.key_id]),
      [
        ['secret_key.created', secretKey.id],
        ['secret_key.rotated', secretKey.id],
        ['secret_key.revoked', next],
      ],
    )
    for (const { actor, client_id } of lines) assert.deepEqual([actor, client_id], ['system', client.id])
  })
})

describe('the server that shows a secret key', () => {
  let at = 0
  let asked = 0
  let directory: ReturnType<typeof createSecretKeyDirectory>
  beforeEach(() => {
    at = Date.now()
    asked = 0
    const run: Database['run'] = (statement, values) => {
      asked += 1
      return held.database.run(statement, values)
    }
    directory = createSecretKeyDirectory({ database: { run }, limits: createRateLimits(() => at) }, () => at)
  })

  const show = async (key: string, address = '192.0.2.1') => {
    const found = await directory.findClient(key, address)
    return found.ok ? found.data : found.error.code
  }

  it('is taken for the key’s client', async () => {
    const { key } = await issue()
    assert.equal(await show(key), client.id)
    assert.equal(await show(`${key.slice(0, -1)}${key.endsWith('A') ? 'B' : 'A'}`), 'unauthorized')
  })

  it('is asked about once in three seconds, and refused within five once the key is revoked', async () => {
    const { key, secretKey } = await issue()
    for (let i = 0; i < 5; i++) assert.equal(await show(key), client.id)
    assert.equal(asked, 1)
    await keys.revoke({ id: secretKey.id })
    at += 3_001
    assert.equal(await show(key), 'unauthorized')
  })

  it('may use a rotated key until its grace is over, and the new one at once', async () => {
    const { key: old, secretKey } = await issue()
    const graced = await keys.rotate({ id: secretKey.id }, 60_000)
    assert.ok(graced.ok)
    assert.equal(await show(old), client.id)
    assert.equal(await show(graced.data.key), client.id)
    const rotated = await keys.rotate({ id: graced.data.secretKey.id }, 0)
    assert.ok(rotated.ok)
    at += 3_001
    assert.equal(await show(graced.data.key), 'unauthorized')
    assert.equal(await show(rotated.data.key), client.id)
    await read(`UPDATE secret_keys SET revoked_at = now() WHERE id = $1`, secretKey.id)
    assert.equal(await show(old), 'unauthorized')
  })

  it('is refused when its client is not active', async () => {
    const closed = await makeClient(held.database, { status: 'inactive' })
    assert.equal(await show((await issue('closed', closed)).key), 'unauthorized')
  })

  it('has the time of its last use noted once a minute', async () => {
    const { key, secretKey } = await issue()
    const used = async () => (await secretKey.reload()).last_used_at?.getTime() ?? null
    assert.equal(await used(), null)
    await show(key)
    const first = await used()
    assert.ok(first !== null)
    at += 3_001
    await show(key)
    assert.equal(asked, 2)
    assert.equal(await used(), first)
    await read(`UPDATE secret_keys SET last_used_at = now() - interval '61 s' WHERE id = $1`, secretKey.id)
    at += 3_001
    await show(key)
    assert.ok((await used())! >= first)
  })

  it('may try only so many wrong keys in a minute, which the right one does not feel', async () => {
    const { key } = await issue()
    assert.equal(await show(key), client.id)
    const answers: string[] = []
    for (let i = 0; i < RATES.addressWrongKeys.most + 5; i++) {
      answers.push(await show(`sk_${String(i).padStart(43, 'x')}`))
    }
    assert.deepEqual([answers[0], answers.at(-1)], ['unauthorized', 'rate_limited'])
    assert.equal(asked, RATES.addressWrongKeys.most, 'nothing is asked for who may not try')
    assert.equal(await show(key), client.id)
    assert.equal(await show(WRONG, '192.0.2.2'), 'unauthorized')
    at += 60_000
    assert.equal(await show(WRONG), 'unauthorized')
  })

  it('is refused without asking when what it shows was never a key', async () => {
    for (const text of ['', 'sk_', 'pk_demo', `sk_${'é'.repeat(43)}`, `${WRONG}\0`, 'x'.repeat(10_000)]) {
      assert.equal(await show(text), 'unauthorized')
    }
    assert.equal(asked, 0)
  })
})

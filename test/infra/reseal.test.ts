import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { identityPlace } from '../../server/auth/identity/identity-secrets.ts'
import { reseal } from '../../server/infra/reseal.ts'
import { createSecrets } from '../../server/infra/secrets.ts'
import { openTestDatabase, type TestDatabase } from '../support/databases.ts'
import { makeClient } from '../support/factories.ts'

const { table, column } = identityPlace('')

describe('A key that is put in the place of another', () => {
  let held: TestDatabase
  const old = randomBytes(32)
  const earlier = createSecrets({ encryption: old, encryptionPrevious: null })
  const later = createSecrets({ encryption: randomBytes(32), encryptionPrevious: old })

  before(async function () {
    this.timeout(60_000)
    held = await openTestDatabase()
  })
  after(() => held.close())

  const keep = (id: string, sealed: string) =>
    held.database.sequelize.query('UPDATE clients SET identity_secret = $2 WHERE id = $1', {
      bind: [id, sealed],
    })
  async function kept(id: string): Promise<string> {
    const [rows] = await held.database.sequelize.query('SELECT identity_secret FROM clients WHERE id = $1', {
      bind: [id],
    })
    return (rows[0] as { identity_secret: string }).identity_secret
  }

  it('seals anew what the old one has sealed, once, and names what neither opens', async () => {
    const clients = await Promise.all(Array.from({ length: 4 }, () => makeClient(held.database)))
    const [a, b, lost, none] = clients.map(({ id }) => id) as [string, string, string, string]
    await keep(a, earlier.seal('secret of a', identityPlace(a)))
    await keep(b, later.seal('secret of b', identityPlace(b)))
    const stranger = createSecrets({ encryption: randomBytes(32), encryptionPrevious: null })
    const unreadable = stranger.seal('lost', identityPlace(lost))
    await keep(lost, unreadable)

    const first = await reseal(held.database, later, { table, column })
    assert.deepEqual(first, { sealedAnew: 1, current: 1, broken: [lost] })
    assert.equal(later.isCurrent(await kept(a)), true)
    assert.equal(later.open(await kept(a), identityPlace(a)), 'secret of a')
    assert.equal(await kept(lost), unreadable)
    assert.equal(await kept(none), null)
    const second = await reseal(held.database, later, { table, column })
    assert.deepEqual(second, { sealedAnew: 0, current: 2, broken: [lost] })
  })

  it('leaves alone what changes in that moment', async () => {
    const { id } = await makeClient(held.database)
    await keep(id, earlier.seal('old', identityPlace(id)))
    const changed = later.seal('new', identityPlace(id))
    const run: typeof held.database.run = async (statement, values) => {
      const isWrite = statement.text.startsWith('UPDATE')
      if (isWrite) await keep(id, changed)
      return held.database.run(statement, values)
    }
    await reseal({ run }, later, { table, column })
    assert.equal(await kept(id), changed)
  })
})

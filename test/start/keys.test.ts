import assert from 'node:assert/strict'
import { seedDemo } from '../../server/seed.ts'
import { makeDataFolder, openAgain } from '../support/databases.ts'
import { runParlor } from '../support/parlor-process.ts'

describe('the key command', function () {
  // Every command is a process of its own, with a database to open.
  this.timeout(90_000)
  let dir: string
  let remove: () => Promise<void>
  before(async () => {
    ;({ dir, remove } = await makeDataFolder())
    const database = await openAgain({ dir }, 1)
    await seedDemo(database)
    await database.close()
  })
  after(() => remove())

  const parlor = (...args: string[]) => runParlor(args, { DATA_DIR: dir })

  it('makes, lists, rotates and revokes', async () => {
    const made = await parlor('key', 'create', '--client', 'pk_demo', '--name', 'backend')
    const [, secret, id] =
      /^(sk_[\w-]{43})\n\nThe key "backend" has the id ([\w-]{36})\./.exec(made.out) ?? []
    assert.ok(secret !== undefined && id !== undefined, made.out + made.err)

    const rotated = await parlor('key', 'rotate', id, '--grace', '24h')
    const [, next, nextId] =
      /^(sk_[\w-]{43})\n\nThe key "backend" has the id ([\w-]{36})\./.exec(rotated.out) ?? []
    assert.ok(next !== undefined && nextId !== undefined && next !== secret, rotated.out + rotated.err)
    const revoked = await parlor('key', 'revoke', nextId)
    assert.match(revoked.out, /^Revoked sk_/)

    const { out } = await parlor('key', 'list')
    const [first = '', second = ''] = out.split('\n')
    assert.match(
      first,
      new RegExp(`^${id}  pk_demo  ${secret.slice(0, 10)}\\.\\.\\.  .*never used  live until .*backend$`),
    )
    assert.match(second, new RegExp(`^${nextId} .* ended .*backend$`))
    assert.ok(!out.includes(secret) && !out.includes(next))
  })

  it('says what is wrong, and ends with 1', async () => {
    const { code, out, err } = await parlor('key', 'rotate', 'x', '--grace', 'soon')
    assert.deepEqual([code, out], [1, ''])
    assert.match(err, /"key rotate x --grace soon" is not known[^]*--client KEY --name NAME/)
  })
})

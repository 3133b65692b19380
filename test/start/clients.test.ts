import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { migrations } from '../../migrations/index.ts'
import { createMigrator } from '../../server/infra/migrator.ts'
import { seedDemo } from '../../server/seed.ts'
import { makeDataFolder, openAgain } from '../support/databases.ts'
import { runParlor } from '../support/parlor-process.ts'

describe('the commands that keep clients', function () {
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

  const parlor = (args: string, env: Record<string, string> = {}) =>
    runParlor(args.split(' '), { DATA_DIR: dir, ...env })

  it('make one, and tell what goes into its pages', async () => {
    const env = { PUBLIC_URL: 'https://chat.example' }
    const { out } = await parlor('client create --name Bakery --origin https://bakery.example', env)
    const [, key = ''] = /^Bakery has the key (pk_[\w-]{24})\./.exec(out) ?? []
    assert.ok(out.includes(`<script src="https://chat.example/widget.js?key=${key}" async></script>`))
  })

  it('make its identity secret, which a new ENCRYPTION_KEY takes over from the one before', async () => {
    const issued = await parlor('identity secret --client pk_demo')
    assert.match(issued.out, /^is_[\w-]{43}\n\nIt is not shown again\./)
    const rotated = await parlor('secrets rotate', {
      ENCRYPTION_KEY: randomBytes(32).toString('hex'),
      ENCRYPTION_KEY_PREVIOUS: (await readFile(join(dir, 'encryption-key'), 'utf8')).trim(),
    })
    assert.match(rotated.out, /^clients\.identity_secret: 1 encrypted anew, 0 were so already\n/)
    for (const column of ['webhook_secret', 'webhook_secret_previous'])
      assert.match(rotated.out, new RegExp(`^clients\\.${column}: 0 encrypted anew`, 'm'))
    assert.match(rotated.out, /^client_integrations\.credentials: 0 encrypted anew/m)
    const lost = await parlor('secrets rotate')
    assert.equal(lost.code, 1)
    assert.match(lost.err, /no key opens that of [\w-]{36}: it has to be entered again/)
  })

  it('say what is wrong, and end with 1', async () => {
    const { code, out, err } = await parlor('client create --name Bakery --origin bakery.example')
    assert.deepEqual([code, out], [1, ''])
    assert.match(err, /"bakery\.example" is no origin/)
  })

  it('say in one line what to do where the schema is older than they are', async () => {
    const database = await openAgain({ dir }, 1)
    await createMigrator(database, migrations).revert(1)
    await database.close()
    const { code, err } = await parlor('client list')
    assert.equal(code, 1)
    assert.match(
      err,
      /^Parlor cannot run: The database’s schema is not up to date\. Run "[^\n]+ migrate" first\.\n$/,
    )
  })
})

import assert from 'node:assert/strict'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { AdminBrowser, signedIn } from '../support/admin-browser.ts'
import { makeDataFolder } from '../support/databases.ts'
import { runParlor, startParlor } from '../support/parlor-process.ts'

describe('an owner', function () {
  // Every test starts servers, some several times.
  this.timeout(90_000)
  let dir: string
  let remove: () => Promise<void>
  beforeEach(async () => ({ dir, remove } = await makeDataFolder()))
  afterEach(() => remove())

  it('is told by the first start, once, and can sign in; the secrets stay with the data', async () => {
    let token = ''
    for (const run of ['first', 'second']) {
      const parlor = startParlor([], { DATA_DIR: dir, PORT: '0' })
      const [, url = ''] = await parlor.says(/(http:\S+)\/healthz[^]+Ctrl-C/)
      const [, email = '', password = ''] = /Sign in\s+(\S+)\s+Password\s+(\S+)/.exec(parlor.said.out) ?? []
      if (run === 'first') token = signedIn(await new AdminBrowser(url).signIn(email, password)).access_token
      else assert.equal(password, '')
      assert.equal((await new AdminBrowser(url).me(token)).status, 200, run)
      parlor.child.kill('SIGTERM')
      assert.equal((await parlor.ended).code, 0)
    }
    for (const name of ['jwt-secret', 'encryption-key'])
      assert.equal((await stat(join(dir, name))).mode & 0o777, 0o600, name)
  })

  it('is the one of the configuration, who is not told', async () => {
    const ADMIN_PASSWORD = 'a password of the operator'
    const own = { ADMIN_EMAIL: 'dana@shop.example', ADMIN_PASSWORD }
    const parlor = startParlor([], { DATA_DIR: dir, PORT: '0', ...own })
    const [, url = ''] = await parlor.says(/(http:\S+)\/healthz[^]+Ctrl-C/)
    assert.equal(
      signedIn(await new AdminBrowser(url).signIn(own.ADMIN_EMAIL, ADMIN_PASSWORD)).admin.role,
      'owner',
    )
    assert.doesNotMatch(parlor.said.out, /Password|operator/)
    parlor.child.kill('SIGTERM')
    await parlor.ended
  })

  it('can be made and listed by command, with a password that is told once or comes from stdin', async () => {
    const parlor = (...args: string[]) => runParlor(['admin', ...args], { DATA_DIR: dir })
    const made = await parlor('create', 'dana@shop.example', '--role', 'owner', '--name', 'Dana')
    assert.match(made.out, /^dana@shop\.example can sign in as owner\. The password, [^\n]+:\n\n[\w-]{20}\n$/)
    const list = await parlor('list')
    assert.match(
      list.out,
      /^[\w-]{36} {2}dana@shop\.example {2}owner {2}installation {2}made \S+ {2}enabled {2}Dana\n$/,
    )

    const typed = startParlor(['admin', 'password', 'dana@shop.example', '--password-stdin'], {
      DATA_DIR: dir,
    })
    const { code } = await typed.ended
    assert.equal(code, 1, 'there is nothing on stdin')
    assert.match(typed.said.err, /A password has 12 to 200 characters/)
  })

  it('of a server with a Postgres needs its secrets: each that is missing is told, in one start', async () => {
    const DATABASE_URL = 'postgres://parlor:hunter2@127.0.0.1:1/parlor'
    const { code, err } = await runParlor(['start'], { DATABASE_URL, JWT_SECRET: '', ENCRYPTION_KEY: '' })
    assert.equal(code, 1)
    assert.match(
      err,
      /its configuration has 2 faults:\n {2}JWT_SECRET is not set; .+\n {2}ENCRYPTION_KEY is not set; /,
    )
    assert.doesNotMatch(err, /hunter2/)
  })
})

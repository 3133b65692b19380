import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { migrations } from '../../migrations/index.ts'
import { makeDataFolder } from '../support/databases.ts'
import { runParlor, startParlor } from '../support/parlor-process.ts'

describe('the process', function () {
  // Every test starts servers, some several times.
  this.timeout(90_000)
  let dir: string
  let remove: () => Promise<void>
  before(async () => ({ dir, remove } = await makeDataFolder()))
  after(() => remove())

  it('tells the addresses, serves, and ends with 0 on SIGTERM and on SIGINT', async () => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      const parlor = startParlor([], { DATA_DIR: dir, PORT: '0' })
      const [, url] = await parlor.says(/(http:\/\/127\.0\.0\.1:\d+)\/healthz/)
      assert.equal((await fetch(`${url}/healthz`)).status, 200)
      assert.match(parlor.said.out, /Demo shop\s+http:/)
      assert.match(parlor.said.out, /Dashboard\s+http:\S+\/dashboard\/\n/)
      const owner = /Sign in\s+owner@localhost\s+Password\s+\S{20} /
      assert.equal(owner.test(parlor.said.out), signal === 'SIGTERM', 'the first start alone makes an owner')
      parlor.child.kill(signal)
      assert.deepEqual(await parlor.ended, { code: 0, signal: null })
      assert.equal(parlor.said.err, '')
    }
  })

  it('starts at once on the data of one that was killed', async () => {
    const killed = startParlor([], { DATA_DIR: dir, PORT: '0' })
    await killed.says(/Parlor is up/)
    killed.child.kill('SIGKILL')
    await killed.ended
    const next = startParlor([], { DATA_DIR: dir, PORT: '0' })
    await next.says(/Parlor is up/)
    next.child.kill('SIGTERM')
    assert.equal((await next.ended).code, 0)
  })

  it('takes migrations back, tells their state, and applies them again', async () => {
    const env = { DATA_DIR: dir }
    const [last, lastButOne, before] = migrations.map(({ name }) => name).reverse()
    const down = await runParlor(['migrate', 'down', '2'], env)
    assert.deepEqual(down.out.trim().split('\n'), [`taken back ${last}`, `taken back ${lastButOne}`])
    const status = await runParlor(['migrate', 'status'], env)
    assert.match(status.out, new RegExp(`^${before} +20\\d\\d-.+$`, 'm'))
    assert.match(status.out, new RegExp(`^${lastButOne} +not applied\n${last} +not applied\n$`, 'm'))
    const up = await runParlor(['migrate'], env)
    assert.deepEqual(up.out.trim().split('\n'), [`applied ${lastButOne}`, `applied ${last}`])
    assert.equal(up.code, 0)
  })

  it('runs from source as it does built, its threads too', async () => {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--import', 'tsx', 'server/main.ts', 'migrate', 'status'],
      { cwd: join(import.meta.dirname, '../..'), env: { PATH: process.env['PATH'], DATA_DIR: dir } },
    )
    assert.equal(stdout.trim().split('\n').length, migrations.length)
  })

  it('adds the demo shop as often as one likes', async () => {
    for (const run of [1, 2]) {
      const { code, out } = await runParlor(['seed'], { DATA_DIR: dir })
      assert.deepEqual(
        { run, code, out },
        { run, code: 0, out: 'The demo shop is there: client key pk_demo\n' },
      )
    }
  })
})

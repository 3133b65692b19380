import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { keepSecret } from '../../server/infra/kept-secret.ts'
import { StartError } from '../../server/infra/start-error.ts'
import { programOf } from '../support/program.ts'

describe('A secret of the data folder', () => {
  let scratch: string
  let dir: string
  beforeEach(async () => {
    scratch = await mkdtemp(join(tmpdir(), 'parlor-secret-'))
    dir = join(scratch, 'new', 'data')
  })
  afterEach(() => rm(scratch, { recursive: true }))

  it('is made once, of 256 random bits, for its owner alone', async () => {
    const secret = keepSecret(dir, 'jwt-secret')
    assert.match(secret, /^[0-9a-f]{64}$/)
    assert.equal(keepSecret(dir, 'jwt-secret'), secret)
    assert.notEqual(keepSecret(dir, 'encryption-key'), secret)
    assert.equal(await readFile(join(dir, 'jwt-secret'), 'utf8'), `${secret}\n`)
    assert.equal((await stat(join(dir, 'jwt-secret'))).mode & 0o777, 0o600)
    assert.equal((await stat(dir)).mode & 0o777, 0o700)
    assert.deepEqual((await readdir(dir)).sort(), ['encryption-key', 'jwt-secret'])
  })

  it('is the same for processes that make it at once', async function () {
    this.timeout(60_000)
    const { options, file } = programOf('server/infra/kept-secret.ts')
    const code = `import { keepSecret } from ${JSON.stringify(file)}
      process.send('ready')
      process.once('message', () => { console.log(keepSecret(${JSON.stringify(dir)}, 'jwt-secret')); process.disconnect() })`
    const children = [1, 2, 3].map(() =>
      spawn(process.execPath, [...options, '--input-type=module', '--eval', code], {
        stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
      }),
    )
    await Promise.all(children.map((child) => once(child, 'message')))
    for (const child of children) child.send('go')
    const told = await Promise.all(children.map((child) => text(child.stdout!)))
    assert.deepEqual(new Set(told), new Set([`${keepSecret(dir, 'jwt-secret')}\n`]))
    assert.deepEqual(await readdir(dir), ['jwt-secret'])
  })

  it('is never made anew where it was damaged', async () => {
    keepSecret(dir, 'encryption-key')
    await writeFile(join(dir, 'encryption-key'), 'abc')
    assert.throws(
      () => keepSecret(dir, 'encryption-key'),
      isStartError(/encryption-key does not hold the 64/),
    )
  })

  it('names a folder that cannot be written', async () => {
    await writeFile(join(scratch, 'file'), '')
    const unusable = join(scratch, 'file', 'data')
    assert.throws(
      () => keepSecret(unusable, 'jwt-secret'),
      isStartError(/file\/data cannot be written \(ENOTDIR\)/),
    )
  })
})

const isStartError = (pattern: RegExp) => (error: unknown) =>
  error instanceof StartError && pattern.test(error.message)

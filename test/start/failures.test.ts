import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeDataFolder } from '../support/databases.ts'
import { runParlor, startParlor } from '../support/parlor-process.ts'

describe('a start that fails', function () {
  // Every test starts servers, some several times.
  this.timeout(90_000)
  let dir: string
  let remove: () => Promise<void>
  before(async () => ({ dir, remove } = await makeDataFolder()))
  after(() => remove())

  it('on a data directory in use names the process that uses it', async () => {
    const first = startParlor(['start'], { DATA_DIR: dir, PORT: '0' })
    await first.says(/Parlor is up/)
    const line = await failureOf({ DATA_DIR: dir, PORT: '0' })
    assert.equal(
      line,
      `Parlor cannot run: Another Parlor (process ${first.child.pid}) is running on the data directory ${dir}. ` +
        'Stop it first, or give this one another DATA_DIR.',
    )
    first.child.kill('SIGKILL')
    await first.ended
  })

  for (const SOCKET_ENGINE of ['uws', 'node']) {
    it(`on a port that is taken names the port (${SOCKET_ENGINE})`, async () => {
      const other = createServer().listen(0, '127.0.0.1')
      await once(other, 'listening')
      const { port } = other.address() as AddressInfo
      const line = await failureOf({ DATA_DIR: dir, PORT: String(port), SOCKET_ENGINE })
      assert.equal(
        line,
        `Parlor cannot run: Port ${port} of 127.0.0.1 is taken. Stop what uses it, or set PORT to another one.`,
      )
      other.close()
    })
  }

  it('on an address that is not ours names the address', async () => {
    const line = await failureOf({ DATA_DIR: dir, HOST: '192.0.2.1', SOCKET_ENGINE: 'node' })
    assert.match(line, /^Parlor cannot run: This machine has no address "192\.0\.2\.1"\./)
  })

  it('on a data directory that cannot be written names it', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'parlor-test-'))
    await writeFile(join(folder, 'file'), '')
    const line = await failureOf({ DATA_DIR: join(folder, 'file', 'data') })
    assert.match(
      line,
      /^Parlor cannot run: The data directory .+\/file\/data cannot be written \(ENOTDIR\)\./,
    )
    await rm(folder, { recursive: true })
  })

  it('on a database that nobody serves tells the address, not the password', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    await new Promise((resolve) => server.close(resolve))
    const line = await failureOf({ DATABASE_URL: `postgres://parlor:hunter2@127.0.0.1:${port}/parlor` })
    assert.match(
      line,
      new RegExp(`^Parlor cannot run: No database is listening at 127\\.0\\.0\\.1:${port}\\.`),
    )
    assert.ok(!line.includes('hunter2'))
  })

  it('on a URL of another database says what is expected, without the password', async () => {
    const line = await failureOf({ DATABASE_URL: 'mysql://root:hunter2@db/parlor' })
    assert.match(line, /^Parlor cannot run: DATABASE_URL cannot be used .+ expected a URL such as postgres:/)
    assert.ok(!line.includes('hunter2'))
  })

  it('on a broken configuration has a line for every fault', async () => {
    const { code, err } = await runParlor(['start'], {
      PORT: 'eighty',
      LLM_PROVIDER: 'gpt',
      LOG_LEVEL: 'loud',
    })
    assert.equal(code, 1)
    const lines = err.trimEnd().split('\n')
    assert.equal(lines[0], 'Parlor cannot run: its configuration has 3 faults:')
    assert.deepEqual(
      lines
        .slice(1)
        .map((line) => line.trim().split(' ')[0])
        .sort(),
      ['LLM_PROVIDER', 'LOG_LEVEL', 'PORT'],
    )
  })

  it('on a command that does not exist tells those that do', async () => {
    const { code, err } = await runParlor(['strat'], {})
    assert.equal(code, 1)
    assert.match(err, /There is no command "strat"[^]+migrate status/)
  })
})

/** The one line that a start ends with. */
async function failureOf(env: Record<string, string>): Promise<string> {
  const { code, err } = await runParlor(['start'], env)
  assert.equal(code, 1)
  assert.match(err, /^[^\n]+\n$/, 'it says exactly one line')
  return err.trimEnd()
}

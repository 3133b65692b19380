import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describeSelf, judge } from '../../server/infra/data-lock/holder.ts'
import { lockDataFolder, type DataLock } from '../../server/infra/data-lock/index.ts'
import { StartError } from '../../server/infra/start-error.ts'
import { programOf } from '../support/program.ts'

describe('the lock of a data folder', () => {
  let dir: string
  let waits: number
  let losses: StartError[]

  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'parlor-lock-'))
    waits = 0
    losses = []
  })
  afterEach(() => rm(dir, { recursive: true, force: true }))

  it('makes a missing folder, and is gone when released', async () => {
    const nested = join(dir, 'not', 'there')
    const held = await lock(nested)
    await held.release()
    assert.deepEqual(await readdir(join(nested, 'lock')), [])
  })

  it('refuses a second owner at once, naming the process', async () => {
    const held = await lock(dir)
    await assert.rejects(lock(dir), (error: Error) => {
      assert.ok(error instanceof StartError)
      assert.match(error.message, new RegExp(`process ${process.pid}\\) is running on the data directory`))
      assert.ok(!error.message.includes('\n'))
      return true
    })
    assert.equal(waits, 0)
    await held.release()
    await (await lock(dir)).release()
  })

  it('is free at once after its owner was killed', async () => {
    await killAnOwner()
    const began = performance.now()
    await (await lock(dir)).release()
    assert.ok(performance.now() - began < 5_000)
    assert.equal(waits, 0)
  })

  it('is won by exactly one of many that find a dead owner', async () => {
    await killAnOwner()
    const results = await Promise.allSettled(Array.from({ length: 10 }, () => lock(dir)))
    const won = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []))
    assert.equal(won.length, 1)
    await won[0]!.release()
  })

  it('is not held by another process that got the pid of a dead owner', async () => {
    const self = await describeSelf()
    // Only Linux tells when a process began; elsewhere the heartbeat must.
    const known = self.began !== null
    assert.equal(await judge({ ...self, began: known ? '1' : null }, self), known ? 'dead' : 'unknown')
    assert.equal(await judge(self, self), known ? 'alive' : 'unknown')
  })

  it('is held by an owner on another host as long as its heart beats', async () => {
    await writeForeignLock()
    const beat = setInterval(() => void utimes(join(dir, 'lock', '7'), new Date(), new Date()), 100)
    try {
      await assert.rejects(lock(dir), /process 1 on host elsewhere/)
      assert.equal(waits, 1)
    } finally {
      clearInterval(beat)
    }
  })

  it('is free after an owner on another host was silent for ten seconds', async () => {
    await writeForeignLock()
    const held = await lock(dir)
    assert.deepEqual((await readdir(join(dir, 'lock'))).sort(), ['7', '8'])
    await held.release()
    assert.deepEqual(await readdir(join(dir, 'lock')), [])
  })

  it('tells its owner when another one took it', async () => {
    let lose: () => void = () => {}
    const lost = new Promise<void>((resolve) => (lose = resolve))
    await lockDataFolder({ dir, onWait: () => {}, onLost: () => lose() })
    await writeForeignLock()
    await lost
  })

  it('says in one line when the folder cannot be written', async () => {
    const file = join(dir, 'file')
    await writeFile(file, '')
    await assert.rejects(lock(join(file, 'data')), /cannot be written \(ENOTDIR\)\. Set DATA_DIR/)
  })

  function lock(folder: string): Promise<DataLock> {
    return lockDataFolder({ dir: folder, onWait: () => (waits += 1), onLost: (error) => losses.push(error) })
  }

  async function writeForeignLock(): Promise<void> {
    await mkdir(join(dir, 'lock'), { recursive: true })
    await writeFile(
      join(dir, 'lock', '7'),
      JSON.stringify({ pid: 1, host: 'elsewhere', machine: 'another boot', began: '5' }),
    )
  }

  /** Leaves the lock of a process that was ended by SIGKILL. */
  async function killAnOwner(): Promise<void> {
    const { options, file } = programOf('server/infra/data-lock/index.ts')
    const source = `import(${JSON.stringify(file)}).then(async ({ lockDataFolder }) => {
      await lockDataFolder({ dir: ${JSON.stringify(dir)}, onWait() {}, onLost() {} })
      process.stdout.write('locked')
      setInterval(() => {}, 1000)
    })`
    const owner = spawn(process.execPath, [...options, '-e', source], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    await once(owner.stdout, 'data')
    await assert.rejects(lock(dir), new RegExp(`process ${owner.pid}`))
    owner.kill('SIGKILL')
    await once(owner, 'exit')
  }
})

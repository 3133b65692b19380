import assert from 'node:assert/strict'
import { StartError } from '../../server/infra/start-error.ts'
import { WORKER_LIMITS, type WorkerLimits } from '../../server/workers/limits.ts'
import { Workers } from '../../server/workers/workers.ts'
import { testConfig } from '../support/app.ts'
import { eventually } from '../support/eventually.ts'
import { createLogLines } from '../support/log-lines.ts'
import { SHARED_SECRETS } from '../support/shared-secrets.ts'
import { createFakeFork, type FakeWorker } from './fake-worker.ts'

const HASTY: WorkerLimits = { ...WORKER_LIMITS, restart: { shortest: 1, longest: 4 }, drain: 50, measure: 50 }
const ENV = {
  ...SHARED_SECRETS,
  DATABASE_URL: 'postgres://db/parlor',
  REDIS_URL: 'redis://cache',
  WORKERS: '2',
}

describe('Workers', () => {
  let workers: Workers | null = null
  afterEach(() => workers?.kill())

  function begin(limits: Partial<WorkerLimits> = {}) {
    const log = createLogLines()
    const { fork, forked } = createFakeFork()
    workers = new Workers({ config: testConfig(ENV), log: log.logger, fork, limits: { ...HASTY, ...limits } })
    return { workers, log, forked, started: workers.start() }
  }
  async function beginBoth(limits: Partial<WorkerLimits> = {}) {
    const scene = begin(limits)
    const pair: [FakeWorker, FakeWorker] = [await scene.forked.take(), await scene.forked.take()]
    for (const worker of pair) worker.serve()
    await scene.started
    return { ...scene, pair }
  }

  it('are up when each of them serves, told who they are and with which configuration', async () => {
    const { forked, started } = begin()
    const [one, two] = [await forked.take(), await forked.take()]
    let up = false
    void started.then(() => (up = true))
    one.serve()
    const first = await one.told.take()
    assert.ok(first.kind === 'begin' && first.worker === 1 && first.config.workers === 2)
    assert.equal(up, false)
    two.serve()
    assert.deepEqual(await started, { url: 'http://localhost:1', engine: 'uws' })
  })

  it('take the place of one that died, under its number, and say why it died', async () => {
    const { pair, forked, log } = await beginBoth()
    pair[1].end(null, 'SIGSEGV')
    const line = await log.next('A worker ended; another one takes its place')
    assert.deepEqual([line['worker'], line['reason']], [2, 'It got SIGSEGV.'])
    const third = await forked.take()
    third.say({ kind: 'here' })
    const begun = await third.told.take()
    assert.ok(begun.kind === 'begin' && begun.worker === 2)
  })

  it('go on trying for as long as one of them serves, at longer and longer intervals', async () => {
    const { pair, forked, log } = await beginBoth()
    pair[1].end(1)
    for (let tries = 0; tries < 3 * HASTY.tries; tries++) {
      const next = await forked.take()
      next.say({ kind: 'failed', reason: 'No Redis is listening.', told: true })
      next.end(1)
    }
    ;(await forked.take()).serve()
    const lines = log.all.filter((line) => line['reason'] === 'No Redis is listening.')
    assert.equal(lines.length, 3 * HASTY.tries)
  })

  it('give up when the first start fails for what an operator can mend', async () => {
    const { forked, started } = begin()
    const [one, two] = [await forked.take(), await forked.take()]
    one.say({ kind: 'failed', reason: 'No Redis is listening. Start Redis.', told: true })
    one.end(1)
    await assert.rejects(started, (error: Error) => {
      assert.ok(error instanceof StartError)
      assert.equal(error.message, 'Its workers cannot start. No Redis is listening. Start Redis.')
      return true
    })
    assert.equal(two.killed, true)
  })

  it('give up when they end as soon as they start, time and again, and none serves', async () => {
    const { pair, forked, workers: all } = await beginBoth()
    for (const worker of pair) worker.end(1)
    const dying = (async () => {
      for (let tries = 0; tries < HASTY.tries; tries++) (await forked.take()).end(134)
    })()
    await assert.rejects(
      all.failed,
      /end as soon as they start: It ended with code 134\. Their log tells more/,
    )
    await dying
  })

  it('end when they are asked to, and say whether all ended by themselves', async () => {
    const { pair, workers: all } = await beginBoth()
    const drained = all.drain()
    for (const worker of pair) {
      const asked = await worker.told.take(({ kind }) => kind === 'drain')
      assert.equal(asked.kind, 'drain')
      worker.end(0)
    }
    assert.equal(await drained, true)
  })

  it('are killed when they do not end in time', async () => {
    const { pair, workers: all } = await beginBoth()
    const drained = all.drain()
    pair[0].end(0)
    assert.equal(await drained, false)
    assert.deepEqual([pair[0].killed, pair[1].killed], [false, true])
  })

  it('start nobody again while they end', async () => {
    const { pair, workers: all, forked } = await beginBoth()
    pair[0].end(1)
    const drained = all.drain()
    pair[1].end(0)
    await drained
    await assert.rejects(
      eventually(() => assert.equal(forked.all.length, 3), 40),
      'nobody came',
    )
  })

  it('are killed when they give no sign of life', async () => {
    const { pair, forked, log } = await beginBoth({ look: 10, silent: 100 })
    const breath = setInterval(() => pair[0].say({ kind: 'alive' }), 10)
    assert.equal((await log.next('A worker hangs; it is killed'))['worker'], 2)
    await forked.take()
    clearInterval(breath)
    assert.deepEqual([pair[0].killed, pair[1].killed], [false, true])
  })

  it('are read together, also when one does not tell', async () => {
    const { pair, workers: all } = await beginBoth()
    pair[0].say({ kind: 'measure', round: 7 })
    const asked = await pair[0].told.take(({ kind }) => kind === 'measure')
    assert.ok(asked.kind === 'measure')
    const text = '# HELP one One.\n# TYPE one gauge\none{worker="1"} 1\n'
    pair[0].say({ kind: 'measured', round: asked.round, text })
    const told = await pair[0].told.take(({ kind }) => kind === 'measured')
    assert.ok(told.kind === 'measured' && told.round === 7)
    assert.match(told.text, /^parlor_workers_serving 2$/m)
    assert.match(told.text, /^one\{worker="1"\} 1$/m)
    assert.equal(await all.drain(), false)
  })
})

import assert from 'node:assert/strict'
import type { Message } from '../../protocol/records.ts'
import type { SessionReady } from '../../protocol/widget.ts'
import { createEmptyDatabase } from '../support/databases.ts'
import { eventually } from '../support/eventually.ts'
import { startOwnRedis, type OwnRedis } from '../support/own-redis.ts'
import { runParlor, startParlor, type ParlorProcess } from '../support/parlor-process.ts'
import { SHARED_SECRETS } from '../support/shared-secrets.ts'
import { returning, Visitor } from '../support/visitor.ts'

const QUESTION = 'How long does shipping take, and how do returns work?'
/** Between two signals of somebody who does not want to wait, in ms. */
const IMPATIENCE = 100

let redis: OwnRedis | undefined
let database: { url: string; drop: () => Promise<void> } | undefined
let shared: Record<string, string>
const open: { kill: () => unknown }[] = []

async function start(env: Record<string, string> = {}) {
  const parlor = startParlor(['start'], { ...shared, ...env })
  open.push({ kill: () => parlor.child.kill('SIGKILL') })
  const [, url = ''] = await parlor.says(/"url":"([^"]+)".*"workers":2,"msg":"Parlor is up"/)
  return { parlor, url }
}

function visit(url: string, auth: Record<string, unknown> = {}) {
  const tab = new Visitor(url, auth)
  open.push({ kill: () => tab.close() })
  return tab
}

/** A visitor to whom an answer is told. */
async function listener(url: string) {
  const tab = visit(url)
  const ready = await tab.ready()
  await tab.send('m1', QUESTION)
  await tab.next('reply:delta')
  return { tab, ready }
}

describe('Two workers on one port', function () {
  this.timeout(120_000)

  before(async () => {
    redis = await startOwnRedis()
    database = await createEmptyDatabase()
    shared = {
      ...SHARED_SECRETS,
      ...{ DATABASE_URL: database.url, REDIS_URL: redis.url, DATABASE_POOL: '4', WORKERS: '2' },
      ...{ PORT: '0', SEED_DEMO: 'true', RATE_LIMITS: 'off', LOG_LEVEL: 'info' },
    }
  })
  after(async () => {
    for (const one of open.splice(0)) one.kill()
    await database?.drop()
    await redis?.close()
  })

  for (const engine of ['uws', 'node'])
    describe(`on ${engine}`, () => {
      let parlor: ParlorProcess
      let url: string
      before(async () => ({ parlor, url } = await start({ SOCKET_ENGINE: engine })))

      it('both serve, and are read as one', async () => {
        const seen = new Set<number>()
        await eventually(async () => {
          seen.add(await askWorker(url))
          assert.equal(seen.size, 2)
        })
        const metrics = await read(url)
        assert.match(metrics, /^parlor_workers_serving 2$/m)
        assert.equal(metrics.match(/^# TYPE parlor_sockets_open /gm)?.length, 1)
        for (const worker of seen) {
          assert.ok(metrics.includes(`parlor_sockets_open{worker="${worker}"} 0`))
          assert.match(
            metrics,
            new RegExp(`^parlor_build_info{.*engine="${engine}",worker="${worker}"} 1$`, 'm'),
          )
        }
        const registered = linesOf(parlor, 'node registered').map((line) => line['worker'])
        assert.deepEqual(registered.sort(), [1, 2])
      })

      it('are two again after one was killed, and its visitor’s answer comes from the other', async () => {
        const { tab, ready } = await listener(url)
        // Where a worker was too late to renew its lease, the other one runs the turn; the visitor stays where it is.
        const [, worker = ''] = /parlor_sockets_open\{worker="(\d)"\} 1/.exec(await read(url)) ?? []
        process.kill(pidOf(parlor, Number(worker)), 'SIGKILL')
        await tab.closed.take()
        // The dead worker's lease lapses first: who comes back late finds the answer there.
        const { back, messages } = await comeBack(url, ready)
        const message = messages.find(({ role }) => role === 'assistant') ?? (await streamedTo(back))
        assert.deepEqual([message.status, message.answers_to], ['complete', 1])
        // To start one takes its time where much else runs.
        await eventually(async () => {
          const metrics = await read(url)
          assert.match(/^parlor_workers_serving \d$/m.exec(metrics)?.[0] ?? '', /2$/)
          assert.match(metrics, new RegExp(`^parlor_worker_restarts_total{worker="${worker}"} \\d+$`, 'm'))
        }, 60_000)
      })

      it('both drain on SIGTERM: running answers end first, then all with code 0', async () => {
        const tabs = [await listener(url), await listener(url), await listener(url)]
        parlor.child.kill('SIGTERM')
        for (const { tab } of tabs) {
          assert.equal((await tab.next('reply:end'))[0].message.status, 'complete')
          await tab.next('server:draining')
        }
        assert.equal((await parlor.ended).code, 0)
        assert.equal(linesOf(parlor, 'Draining: new work is refused, running answers end').length, 2)
        assert.deepEqual(pidsOf(parlor).filter(isAlive), [])
      })
    })

  /** Node may have handed a connection to the worker that died just then: whoever hears nothing tries again. */
  async function comeBack(url: string, ready: SessionReady): Promise<{ back: Visitor; messages: Message[] }> {
    const back = visit(url, returning(ready))
    const again = await back.ready().catch(() => null)
    return again ? { back, messages: again.messages } : comeBack(url, ready)
  }

  async function streamedTo(back: Visitor): Promise<Message> {
    await eventually(() => assert.ok(back.heard.all.some(({ event }) => event === 'reply:delta')), 20_000)
    const [{ turn, message }] = await back.next('reply:end')
    assert.equal(back.streamed(turn), message.content)
    return message
  }

  it('are prepared for once, refuse a port that others share, and end at once at a second signal', async () => {
    const { parlor, url } = await start()
    assert.equal(parlor.said.out.match(/No model is configured/g)?.length, 2)
    assert.equal(parlor.said.out.match(/Parlor is up/g)?.length, 1)
    const taken = await runParlor(['start'], { ...shared, PORT: new URL(url).port })
    assert.deepEqual([taken.code, taken.out], [1, ''])
    assert.match(taken.err, /^Parlor cannot run: Port \d+ of 127\.0\.0\.1 is taken\. .+\n$/)

    await listener(url)
    const impatience = setInterval(() => parlor.child.kill('SIGTERM'), IMPATIENCE)
    const { code } = await parlor.ended
    clearInterval(impatience)
    assert.equal(code, 1)
    await eventually(() => assert.deepEqual(pidsOf(parlor).filter(isAlive), []))
  })

  it('drain and end by themselves when their parent is killed', async () => {
    const { parlor, url } = await start()
    const { tab } = await listener(url)
    parlor.child.kill('SIGKILL')
    assert.equal((await tab.next('reply:end'))[0].message.status, 'complete')
    await eventually(() => assert.deepEqual(pidsOf(parlor).filter(isAlive), []))
  })

  it('say in one line, and once, why they cannot start', async () => {
    const { code, err } = await runParlor(['start'], { ...shared, REDIS_URL: 'redis://127.0.0.1:1' })
    const why = 'No Redis is listening at 127.0.0.1:1. Start Redis, or correct REDIS_URL.'
    assert.deepEqual([code, err], [1, `Parlor cannot run: Its workers cannot start. ${why}\n`])
  })

  it('do not start without what they would share', async () => {
    const { code, err } = await runParlor(['start'], { WORKERS: '2' })
    assert.equal(code, 1)
    assert.match(
      err,
      /DATABASE_URL is not set; expected a Postgres that all workers share, since WORKERS is 2/,
    )
    assert.match(err, /REDIS_URL is not set; expected a Redis that all workers share, since WORKERS is 2/)
  })
})

async function read(url: string): Promise<string> {
  return (await fetch(`${url}/metrics`)).text()
}

/** Which worker answers a connection of its own. */
async function askWorker(url: string): Promise<number> {
  const answer = await fetch(`${url}/healthz`, { headers: { connection: 'close' } })
  return ((await answer.json()) as { worker: number }).worker
}

function linesOf(parlor: ParlorProcess, message: string): Record<string, unknown>[] {
  const lines = parlor.said.out.split('\n').filter((line) => line.includes(`"msg":"${message}"`))
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>)
}

function pidOf(parlor: ParlorProcess, worker: number): number {
  const line = linesOf(parlor, 'A worker serves').find((one) => one['worker'] === worker)
  return Number(line?.['pid'])
}

function pidsOf(parlor: ParlorProcess): number[] {
  return linesOf(parlor, 'A worker serves').map((line) => Number(line['pid']))
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

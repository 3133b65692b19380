import assert from 'node:assert/strict'
import { createEmptyDatabase } from '../support/databases.ts'
import { eventually } from '../support/eventually.ts'
import { startOwnRedis, type OwnRedis } from '../support/own-redis.ts'
import { piecesOf } from '../support/paced-provider.ts'
import { startParlor, type ParlorProcess } from '../support/parlor-process.ts'
import { SHARED_SECRETS } from '../support/shared-secrets.ts'
import { returning, Visitor } from '../support/visitor.ts'

/** Two seconds and a half of talk. */
const QUESTION = '50 x 8 every 50'
const WHOLE = piecesOf(50, 8).join('')
/** How long a balancer has to learn of it, and a running answer to end. Less than the talk takes. */
const DELAY_MS = 1_000
const LIMIT_MS = 600

interface Node {
  parlor: ParlorProcess
  url: string
}

describe('A node that is sent away', function () {
  this.timeout(60_000)
  const open: { close: () => unknown }[] = []
  let redis: OwnRedis
  let database: { url: string; drop: () => Promise<void> }

  before(async () => {
    ;[redis, database] = await Promise.all([startOwnRedis(), createEmptyDatabase()])
  })
  after(async () => {
    for (const one of open.splice(0)) one.close()
    await database.drop()
    await redis.close()
  })

  async function start(env: Record<string, string> = {}): Promise<Node> {
    const settings = {
      ...SHARED_SECRETS,
      ...{ DATABASE_URL: database.url, REDIS_URL: redis.url, PORT: '0', SEED_DEMO: 'true' },
      ...{ RATE_LIMITS: 'off', LOG_LEVEL: 'info', SOCKET_ENGINE: process.env['TEST_ENGINE'] ?? 'uws' },
      ...{ DRAIN_DELAY_MS: String(DELAY_MS), DRAIN_LIMIT_MS: String(LIMIT_MS), ...env },
    }
    const parlor = startParlor([], settings, 'test/process/paced-node.ts')
    open.push({ close: () => parlor.child.kill('SIGKILL') })
    const [, url = ''] = await parlor.says(/"url":"([^"]+)".*"msg":"Parlor is up"/)
    return { parlor, url }
  }

  function visit(url: string, auth: Record<string, unknown> = {}): Visitor {
    const tab = new Visitor(url, auth)
    open.push(tab)
    return tab
  }

  it('says so, hands its turn over, sends its visitor there, who reads one answer, and ends with 0', async () => {
    const [leaving, staying] = await Promise.all([start(), start()])
    const tab = visit(leaving.url)
    const ready = await tab.ready()
    const elsewhere = visit(staying.url, returning(ready))
    await elsewhere.ready()
    await tab.send('m1', QUESTION)
    await tab.next('reply:delta')

    leaving.parlor.child.kill('SIGTERM')
    await eventually(async () => {
      const { status, code } = await readiness(leaving.url)
      assert.deepEqual([status, code], [503, 'draining'])
    })

    const [{ reconnect_in_ms }] = await tab.next('server:draining')
    const handedOver = performance.now()
    const again = await elsewhere.heard.take(
      ({ event, args }) => event === 'reply:start' && args[0].attempt >= 2,
    )
    assert.equal(again.event, 'reply:start')
    assert.ok(performance.now() - handedOver < 5_000, 'nobody took the turn in time')
    assert.ok(reconnect_in_ms >= 0 && reconnect_in_ms <= 3_000)
    await tab.closed.take()

    const back = visit(staying.url, returning(ready))
    await back.ready()
    const [{ turn, message }] = await back.next('reply:end')
    assert.ok(performance.now() - handedOver < 12_000)
    assert.deepEqual([message.status, message.content], ['complete', WHOLE])
    assert.deepEqual([back.streamed(turn), elsewhere.streamed(turn)], [WHOLE, WHOLE])
    const { messages } = await visit(staying.url, returning(ready)).ready()
    assert.equal(messages.filter(({ role }) => role === 'assistant').length, 1)

    assert.equal((await leaving.parlor.ended).code, 0)
    await assert.rejects(fetch(`${leaving.url}/healthz`))
  })

  it('lets a turn end that needs no longer than it may take; what is written meanwhile is answered elsewhere', async () => {
    const { parlor, url } = await start({ DRAIN_DELAY_MS: '0', DRAIN_LIMIT_MS: '15000' })
    const tab = visit(url)
    await tab.ready()
    const other = visit(url)
    await other.ready()
    await tab.send('m1', '100 x 8 every 50')
    await tab.next('reply:delta')
    parlor.child.kill('SIGTERM')
    await eventually(() => assert.match(parlor.said.out, /"msg":"Draining/))
    await other.send('m1', '1 x 8 every 0')
    assert.equal((await other.next('reply:end'))[0].message.content, piecesOf(1, 8).join(''))
    const [{ message }] = await tab.next('reply:end')
    assert.deepEqual([message.status, message.content], ['complete', piecesOf(100, 8).join('')])
    await tab.next('server:draining')
    assert.equal((await parlor.ended).code, 0)
  })
})

async function readiness(url: string): Promise<{ status: number; code?: string }> {
  const answer = await fetch(`${url}/readyz`)
  return { status: answer.status, ...((await answer.json()) as { code?: string }) }
}

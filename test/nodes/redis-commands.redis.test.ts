import assert from 'node:assert/strict'
import { setTimeout as pause } from 'node:timers/promises'
import type { Provider } from '../../server/llm/provider.ts'
import { openRedis, type Redis } from '../../server/infra/redis/redis.ts'
import { startApp, type TestApp } from '../support/app.ts'
import { openTestDatabase, silentLog, type TestDatabase } from '../support/databases.ts'
import { eventually } from '../support/eventually.ts'
import { startOwnRedis, type OwnRedis } from '../support/own-redis.ts'
import { returning, Visitor } from '../support/visitor.ts'
import { tapRedis, type TappedRedis } from './tapped-redis.ts'

const LIMITS = { connect: 2_000, command: 2_000, retry: { shortest: 10, longest: 50 } }
/** The pace of a quick model, and how much it says: two seconds of it. */
const PIECES = 100
const PIECE = 24
const EVERY_MS = 20

/** Says so many pieces at this pace. */
const steady: Provider = {
  name: 'steady',
  defaultModel: 'steady-1',
  smallModel: null,
  async ask(_request, onText, signal) {
    let text = ''
    for (let i = 0; i < PIECES; i++) {
      const piece = `${i} `.padEnd(PIECE, '.')
      text += piece
      onText(piece)
      await pause(EVERY_MS, undefined, { signal })
    }
    return { text, calls: [], stop: 'end', usage: { input: 1, output: PIECES, cached: 0 } }
  },
}

describe('What a streamed answer costs Redis', function () {
  this.timeout(60_000)
  let own: OwnRedis
  let place: TestDatabase
  let tap: TappedRedis
  let links: [Redis, Redis]
  let nodes: [TestApp, TestApp]

  before(async () => {
    own = await startOwnRedis()
    tap = await tapRedis(own.port)
    place = await openTestDatabase()
    links = [await openRedis(own.url, silentLog, LIMITS), await openRedis(tap.url, silentLog, LIMITS)]
    const start = (redis: Redis) => startApp({ provider: steady, redis, place })
    nodes = [await start(links[0]), await start(links[1])]
  })
  after(async () => {
    for (const node of nodes) await node.stop()
    for (const link of links) link.close()
    await tap.close()
    await place.close()
    await own.close()
  })

  /** How often each command was called. Commands of scripts count by themselves. */
  async function counts(): Promise<Record<string, number>> {
    const stats = await links[0].commands.info('commandstats')
    const found = stats.matchAll(/cmdstat_(\S+?):calls=(\d+)/g)
    return Object.fromEntries([...found].map(([, name = '', calls]) => [name, Number(calls)]))
  }

  /** What is called between two pieces of an answer, and what it says. */
  async function duringAnswer(
    visitor: Visitor,
  ): Promise<{ called: Record<string, number>; seconds: number }> {
    await visitor.send('m1', 'Tell me')
    // By then, all that its message has given to ask is asked.
    await visitor.heard.take(({ event, args }) => event === 'reply:delta' && args[2] >= 10 * PIECE)
    const began = performance.now()
    const before = await counts()
    const last = (PIECES - 5) * PIECE
    await visitor.heard.take(({ event, args }) => event === 'reply:delta' && args[2] >= last)
    const after = await counts()
    const seconds = (performance.now() - began) / 1_000
    const called = Object.fromEntries(
      Object.entries(after)
        .map(([name, calls]) => [name, calls - (before[name] ?? 0)] as const)
        .filter(([name, calls]) => calls > 0 && name !== 'ping' && name !== 'info'),
    )
    await visitor.next('reply:end')
    return { called, seconds }
  }

  const checkpointsAtMost = (seconds: number) => Math.ceil(seconds * 4) + Math.floor((PIECES * PIECE) / 1_024)
  const pushes = () => tap.heard().split('$7\r\nmessage\r\n').length - 1

  it('that nobody watches: checkpoints alone, and other nodes hear nothing', async () => {
    const visitor = new Visitor(nodes[0].url)
    await visitor.ready()
    const { called, seconds } = await duringAnswer(visitor)
    const { hset = 0, pexpire = 0, ...rest } = called
    assert.deepEqual(rest, {})
    assert.equal(pexpire, 1)
    assert.ok(hset > 0 && hset <= checkpointsAtMost(seconds), `${hset} checkpoints in ${seconds} s`)
    assert.equal(pushes(), 0)
    await eventually(async () => assert.equal(await links[0].commands.exists(await replyKey(visitor)), 0))
    visitor.close()
  })

  it('that another node watches: a merged piece each 20 ms at most beside them', async () => {
    const visitor = new Visitor(nodes[0].url)
    const there = new Visitor(nodes[1].url, returning(await visitor.ready()))
    await there.ready()
    const before = pushes()
    const { called, seconds } = await duringAnswer(visitor)
    const { hset = 0, pexpire = 0, publish = 0, ...rest } = called
    assert.deepEqual(rest, {})
    assert.equal(pexpire, 1)
    assert.ok(hset > 0 && hset <= checkpointsAtMost(seconds), `${hset} checkpoints in ${seconds} s`)
    assert.ok(publish > 10 && publish <= PIECES, `${publish} pieces`)
    assert.ok(pushes() - before >= publish)
    const [{ turn, message }] = await there.next('reply:end')
    assert.equal(there.streamed(turn), message.content)
    visitor.close()
    there.close()
  })

  async function replyKey(visitor: Visitor): Promise<string> {
    const ready = visitor.heard.all.find(({ event }) => event === 'session:ready')!
    const session = (ready.args[0] as { session_id: string }).session_id
    const [rows] = await place.database.sequelize.query(
      'SELECT id FROM conversations WHERE session_id = $1',
      {
        bind: [session],
      },
    )
    return `reply:${(rows as { id: string }[])[0]!.id}`
  }
})

import assert from 'node:assert/strict'
import type { VisitorSession } from '../../server/auth/visitor-session.ts'
import { createMemoryLocks, type Locks } from '../../server/infra/locks.ts'
import { KEYS } from '../../server/infra/keys.ts'
import { openTestDatabase, type TestDatabase } from '../support/databases.ts'
import { eventually } from '../support/eventually.ts'
import { keptOf, makeVisitor, startNode, type TestNode } from '../support/heart.ts'

describe('The lock of a conversation', () => {
  let place: TestDatabase
  let visitor: VisitorSession
  let key: string
  let node: TestNode | null = null
  before(async () => {
    place = await openTestDatabase()
  })
  after(() => place.close())
  beforeEach(async () => {
    visitor = await makeVisitor(place.database)
    key = KEYS.conversationLock(visitor.id)
  })
  afterEach(() => node?.stop())

  const start = async (locks: Locks) => {
    node = await startNode(place.database, { locks })
    return node
  }
  const send = (to: TestNode) => to.conversations.receive(visitor, { client_message_id: 'm1', text: 'Hello' })

  it('is held by node and attempt while a turn runs, and let go at its end', async () => {
    const locks = createMemoryLocks()
    const running = await start(locks)
    await send(running)
    const call = await running.provider.calls.take()
    const [turn] = await keptOf<{ node: string; attempt: number }>(place.database, visitor, 'turns', 'number')
    assert.equal(await locks.take(key, 'another', 1_000), false)
    assert.equal(await locks.renew(key, `${turn!.node}:1`, 30_000), true)
    call.say('Hi')
    call.end()
    await running.told.next('reply:end')
    await eventually(async () => assert.equal(await locks.take(key, 'another', 1_000), true))
  })

  it('decides nothing: where another has it, the turn runs, and the other keeps it', async () => {
    const locks = createMemoryLocks()
    await locks.take(key, 'another', 60_000)
    const running = await start(locks)
    await send(running)
    const call = await running.provider.calls.take()
    call.say('Hi')
    call.end()
    assert.equal((await running.told.next('reply:end'))[0].message.content, 'Hi')
    assert.equal(await locks.renew(key, 'another', 60_000), true)
  })

  it('holds nothing up: a turn ends though locks never answer', async () => {
    const never = () => new Promise<never>(() => undefined)
    const running = await start({ take: never, renew: never, release: never })
    await send(running)
    const call = await running.provider.calls.take()
    call.say('Hi')
    call.end()
    assert.equal((await running.told.next('reply:end'))[0].message.content, 'Hi')
  })
})

import assert from 'node:assert/strict'
import { EventEmitter } from 'node:events'
import { Server, type Namespace } from 'socket.io'
import type { Presence } from '../../../server/infra/redis/presence.ts'
import { joinNodes } from '../../../sockets/admin/bus-adapter.ts'
import { eventually } from '../../support/eventually.ts'
import { Inbox } from '../../support/inbox.ts'
import { SharedBus } from '../crossing/shared-bus.ts'

interface Node {
  namespace: Namespace
  heard: Inbox<unknown>
  presence: EventEmitter
}

describe('What a node says to all others in a namespace', () => {
  let bus: SharedBus
  const nodes: Node[] = []

  beforeEach(() => {
    bus = new SharedBus()
  })
  afterEach(async () => {
    for (const { namespace } of nodes.splice(0)) await namespace.adapter.close()
  })

  function node(): Node {
    const namespace = new Server().of('/admin')
    const presence = new EventEmitter()
    joinNodes(namespace, { bus: bus.node(), presence: presence as unknown as Presence })
    const heard = new Inbox<unknown>('word of another node')
    namespace.on('word' as 'connection', (word: unknown) => heard.put(word))
    const made = { namespace, heard, presence }
    nodes.push(made)
    return made
  }

  const listening = async () => {
    const channel = 'socket.io-request#/admin#'
    return bus.node().listeners(channel)
  }

  it('is heard by each of them, and not by itself', async () => {
    const [one, two, three] = [node(), node(), node()]
    await eventually(async () => assert.equal(await listening(), 3))
    one.namespace.serverSideEmit('word', { kind: 'client', id: '7' })
    assert.deepEqual(await two.heard.take(), { kind: 'client', id: '7' })
    assert.deepEqual(await three.heard.take(), { kind: 'client', id: '7' })
    assert.deepEqual(one.heard.all, [])
  })

  it('is lost while the bus is away, without a word of complaint, and heard once it is back', async () => {
    bus.isAway = true
    const [one, two] = [node(), node()]
    one.namespace.serverSideEmit('word', 'lost')
    for (let n = 0; n < 5; n++) await new Promise(setImmediate)
    bus.isAway = false
    for (const { presence } of [one, two]) presence.emit('back')
    await eventually(async () => assert.equal(await listening(), 2))
    one.namespace.serverSideEmit('word', 'found')
    assert.equal(await two.heard.take(), 'found')
    assert.deepEqual(two.heard.all, ['found'])
  })

  it('leaves no channel behind', async () => {
    const { namespace } = node()
    await eventually(async () => assert.equal(await listening(), 1))
    await namespace.adapter.close()
    assert.equal(await listening(), 0)
  })
})

import assert from 'node:assert/strict'
import { setImmediate as tick } from 'node:timers/promises'
import type { AdminConversation } from '../../../protocol/admin.ts'
import type { RunningReply } from '../../../protocol/records.ts'
import { ConversationWatcher } from '../../../sockets/admin/conversation-watcher.ts'
import type { AdminSocket } from '../../../sockets/admin/socket-types.ts'

const TO = { client_id: 'c', session_id: 's', conversation_id: 'v' }
const START = { turn: 1, attempt: 1, epoch: 0, answers_to: 1 }
const REPLY: RunningReply = { ...START, offset: 0, text: 'So far. ' }
const SEEN = { turn: 1, call_id: '0.0', name: 'find_order', label: 'Looking' }

describe('A watched conversation', () => {
  let told: unknown[][]
  let closed: number
  let watcher: ConversationWatcher

  beforeEach(() => {
    told = []
    closed = 0
    const conn = {
      ...{ readyState: 'open', writeBuffer: [], transport: { socket: { bufferedAmount: 0 } } },
      close: () => closed++,
    }
    const socket = { conn, emit: (...args: unknown[]) => told.push(args) } as unknown as AdminSocket
    watcher = new ConversationWatcher(socket, { id: 'v', session_id: 's' })
  })

  const begin = (epoch = 0, reply?: RunningReply) => {
    const conversation = { id: 'v', epoch } as AdminConversation
    watcher.begin({ conversation, ...(reply && { reply }) })
  }

  it('is told after its snapshot, in order, and no piece that is in the snapshot', async () => {
    watcher.tell(TO, 'reply:start', START)
    watcher.tell(TO, 'reply:delta', 1, 1, 0, 'So far. ')
    watcher.tell(TO, 'agent:left', { epoch: 0 })
    begin(0, REPLY)
    watcher.tell(TO, 'reply:delta', 1, 1, 8, 'More.')
    assert.deepEqual(told, [])
    await tick()
    watcher.tell(TO, 'reply:delta', 1, 1, 13, ' End.')
    assert.deepEqual(told, [
      ['agent:left', { conversation_id: 'v', epoch: 0 }],
      ['reply:delta', 'v', 1, 1, 8, 'More.'],
      ['reply:delta', 'v', 1, 1, 13, ' End.'],
    ])
  })

  it('says nothing of the AI once a person has joined, until a reply of that epoch or a later one begins', async () => {
    begin(0, REPLY)
    await tick()
    watcher.tell(TO, 'agent:joined', { epoch: 1, name: 'Dana' })
    watcher.tell(TO, 'reply:delta', 1, 1, 8, 'late')
    watcher.tell(TO, 'reply:start', { ...START, attempt: 2 })
    watcher.tell(TO, 'reply:delta', 1, 2, 0, 'later')
    assert.deepEqual(
      told.map(([event]) => event),
      ['agent:joined'],
    )
    watcher.tell(TO, 'reply:start', { ...START, turn: 2, epoch: 2 })
    watcher.tell(TO, 'reply:delta', 2, 1, 0, 'Back.')
    assert.deepEqual(told.at(-1), ['reply:delta', 'v', 2, 1, 0, 'Back.'])
  })

  it('tells no piece of which it knows no beginning', async () => {
    begin(1)
    await tick()
    watcher.tell(TO, 'reply:delta', 1, 1, 0, 'of an older epoch')
    assert.deepEqual(told, [])
  })

  it('tells of tools what was asked and answered, and of its visitor only', async () => {
    begin()
    await tick()
    watcher.tellTool(TO, 'tool:start', { seen: SEEN, arguments: { order: 17 } })
    watcher.tellTool({ ...TO, conversation_id: 'w' }, 'tool:start', { seen: SEEN, arguments: {} })
    watcher.tell({ ...TO, conversation_id: 'w' }, 'agent:left', { epoch: 1 })
    watcher.tellVisitorTyping(true)
    assert.deepEqual(told, [
      ['tool:start', { conversation_id: 'v', ...SEEN, arguments: { order: 17 } }],
      ['typing:changed', { conversation_id: 'v', author: 'user', typing: true }],
    ])
  })

  it('is cut off when more waits for its snapshot than may', () => {
    for (let n = 0; n < 300; n++) watcher.tell(TO, 'agent:left', { epoch: n })
    assert.ok(closed > 0)
    assert.deepEqual(told, [])
  })
})

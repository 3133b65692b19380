import assert from 'node:assert/strict'
import type { VisitorSession } from '../../server/auth/visitor-session.ts'
import type { Conversations, Snapshot } from '../../server/conversation/conversations.ts'
import { DatabaseUnavailable } from '../../server/infra/database.ts'
import type { WidgetSocket } from '../../sockets/widget/socket-types.ts'
import { VisitorConnection } from '../../sockets/widget/visitor-connection.ts'

const START = { turn: 1, attempt: 1, epoch: 0, answers_to: 1 }
const REPLY = { ...START, offset: 0, text: 'Once' }
const SESSION = { id: 's1' } as VisitorSession
const TO = { client_id: 'c1', session_id: 's1', conversation_id: 'v1' }
const AT_WORK = [{ turn: 1, call_id: '1.1', name: 'find_order', label: 'Looking up your order' }]
const TEAM = { team: { available: false }, contact_given: false }
const SNAPSHOT = { conversation: { id: 'v1' }, messages: [], has_more: false } as unknown as Snapshot

describe('A connection that waits to be told where it stands', () => {
  let told: unknown[][]
  let closed: boolean
  let connection: VisitorConnection
  let read: { resolve: (snapshot: Snapshot) => void; reject: (error: Error) => void }
  let introduced: Promise<void>

  beforeEach(() => {
    told = []
    closed = false
    const socket = {
      nsp: { name: '/widget' },
      emit: (...event: unknown[]) => told.push(event),
      conn: {
        readyState: 'open',
        writeBuffer: [],
        transport: {},
        write: (packet: string) => told.push(JSON.parse(packet.slice('2/widget,'.length)) as unknown[]),
        close: () => void (closed = true),
      },
    }
    connection = new VisitorConnection(socket as unknown as WidgetSocket)
    const conversations = {
      snapshot: () => new Promise((resolve, reject) => (read = { resolve, reject })),
      runningReply: () => REPLY,
    } as unknown as Conversations
    const listeners = { toolsSeen: () => AT_WORK }
    const introducing = {
      ...{ conversations, listeners },
      handoffs: { team: () => Promise.resolve({ available: false }) },
      telling: { contactGiven: () => Promise.resolve(false) },
    }
    introduced = connection.introduce(introducing, SESSION, { cursor: {} })
  })

  it('hears of a reply that began meanwhile once, with all that was said', async () => {
    connection.tell(TO, 'reply:start', START)
    connection.tell(TO, 'reply:delta', 1, 1, 0, 'Once')
    read.resolve(SNAPSHOT)
    await introduced
    connection.tell(TO, 'reply:delta', 1, 1, 4, ' upon')
    assert.deepEqual(told, [
      ['session:ready', { session_id: 's1', ...SNAPSHOT, reply: REPLY, tools_running: AT_WORK, ...TEAM }],
      ['reply:delta', 1, 1, 4, ' upon'],
    ])
  })

  it('hears of everything else afterwards, in its order', async () => {
    connection.tell(TO, 'typing:changed', { author: 'agent', typing: true })
    connection.tell(TO, 'agent:left', { epoch: 2 })
    read.resolve(SNAPSHOT)
    await introduced
    assert.deepEqual(
      told.map(([event]) => event),
      ['session:ready', 'typing:changed', 'agent:left'],
    )
  })

  it('is closed when more happens meanwhile than is worth keeping', () => {
    for (let i = 0; i <= 256; i++) connection.tell(TO, 'agent:left', { epoch: i })
    assert.equal(closed, true)
  })

  it('hears nothing where the database cannot say', async () => {
    read.reject(new DatabaseUnavailable('gone'))
    await assert.rejects(introduced, DatabaseUnavailable)
    assert.deepEqual(told, [])
  })
})

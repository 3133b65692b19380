import assert from 'node:assert/strict'
import type { SessionReady } from '../../protocol/widget.ts'
import type { WidgetSocket } from '../../sockets/widget/socket-types.ts'
import { VisitorConnection } from '../../sockets/widget/visitor-connection.ts'

const START = { turn: 1, attempt: 1, epoch: 0, answers_to: 1 }
const READY = {
  reply: { ...START, offset: 0, text: 'Once' },
} as unknown as SessionReady

describe('A connection that waits to be told where it stands', () => {
  let told: unknown[][]
  let connection: VisitorConnection

  beforeEach(() => {
    told = []
    const socket = { emit: (...event: unknown[]) => told.push(event), conn: { close: () => undefined } }
    connection = new VisitorConnection(socket as unknown as WidgetSocket)
  })

  it('hears of a reply that began meanwhile once, with all that was said', () => {
    connection.tell('reply:start', START)
    connection.tell('reply:delta', 1, 1, 0, 'Once')
    connection.ready(READY)
    connection.tell('reply:delta', 1, 1, 4, ' upon')
    assert.deepEqual(told, [
      ['session:ready', READY],
      ['reply:delta', 1, 1, 4, ' upon'],
    ])
  })

  it('hears of everything else afterwards, in its order', () => {
    connection.tell('typing:changed', { author: 'agent', typing: true })
    connection.tell('agent:left', { epoch: 2 })
    connection.ready(READY)
    assert.deepEqual(
      told.map(([event]) => event),
      ['session:ready', 'typing:changed', 'agent:left'],
    )
  })
})

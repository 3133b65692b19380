import assert from 'node:assert/strict'
import type { WidgetEvents } from '../../protocol/widget.ts'
import type {
  Address,
  Listener,
  SharedEvent,
  ToolEvent,
  ToolTold,
  Watcher,
} from '../../server/conversation/publisher.ts'
import { FanOut } from '../../sockets/fanout.ts'

const TO: Address = { client_id: 'c', session_id: 's', conversation_id: 'v' }
const SEEN = { turn: 1, call_id: '0.0', name: 'find_order', label: 'Looking for your order' }
const END = { turn: 1, call_id: '0.0', ok: true, duration_ms: 12 }
const SECRET = 'order 17 of somebody else'

class Tab implements Listener {
  readonly told: unknown[][] = []

  tell<E extends keyof WidgetEvents>(_to: Address, event: E, ...args: Parameters<WidgetEvents[E]>): void {
    this.told.push([event, ...args])
  }
}

class Desk implements Watcher {
  readonly told: unknown[][] = []

  tell<E extends SharedEvent>(_to: Address, event: E, ...args: Parameters<WidgetEvents[E]>): void {
    this.told.push([event, ...args])
  }

  tellTool<E extends ToolEvent>(_to: Address, event: E, told: ToolTold[E]): void {
    this.told.push([event, told])
  }

  tellVisitorTyping(typing: boolean): void {
    this.told.push(['typing', typing])
  }
}

const LATE_ROW = { id: 'm', seq: 4, created_at: '2026-11-23T12:00:00.000Z' }

describe('Those who listen to a visitor', () => {
  let fanout: FanOut
  let tab: Tab
  let desk: Desk

  beforeEach(() => {
    fanout = new FanOut()
    tab = new Tab()
    desk = new Desk()
    fanout.join('s', tab)
    fanout.watch('s', desk)
  })

  it('are told that a tool has brought something late: who watches what it was, the visitor and the inbox that it is there', () => {
    const overheard: unknown[] = []
    fanout.overhear((to, event) => overheard.push([to, event]))
    const seen = { message: { ...LATE_ROW, role: 'system' as const, content: '' } }
    const tool = { name: 'find_order', arguments: { order: SECRET }, failed: false }
    const told = { seen, message: { ...LATE_ROW, role: 'tool' as const, content: SECRET, tool } }
    fanout.publishTool(TO, 'message:created', told)
    assert.deepEqual(tab.told, [['message:created', seen]])
    assert.deepEqual(desk.told, [['message:created', told]])
    assert.deepEqual(overheard, [[TO, 'message:created']])
    assert.deepEqual(fanout.toolsRunning('v'), [])
  })

  it('are told of a tool: the visitor what it may see, who watches all of it', () => {
    fanout.publishTool(TO, 'tool:start', { seen: SEEN, arguments: { order: SECRET } })
    assert.deepEqual(fanout.toolsRunning('v'), [{ seen: SEEN, arguments: { order: SECRET } }])
    assert.deepEqual(fanout.toolsSeen('v'), [SEEN])
    fanout.publishTool(TO, 'tool:end', { seen: END, result: SECRET })
    assert.deepEqual(tab.told, [
      ['tool:start', SEEN],
      ['tool:end', END],
    ])
    assert.ok(!JSON.stringify(tab.told).includes(SECRET))
    assert.deepEqual(desk.told, [
      ['tool:start', { seen: SEEN, arguments: { order: SECRET } }],
      ['tool:end', { seen: END, result: SECRET }],
    ])
    assert.deepEqual(fanout.toolsRunning('v'), [])
  })

  it('forget what runs for a reply that begins anew, and bound what they remember', () => {
    fanout.publishTool(TO, 'tool:start', { seen: SEEN, arguments: {} })
    fanout.publish(TO, 'reply:start', { turn: 1, attempt: 2, epoch: 0, answers_to: 1 })
    assert.deepEqual(fanout.toolsRunning('v'), [])
    for (let n = 0; n < 1_500; n++)
      fanout.publishTool({ ...TO, conversation_id: `v${n}` }, 'tool:start', { seen: SEEN, arguments: {} })
    assert.deepEqual(fanout.toolsRunning('v0'), [])
    assert.equal(fanout.toolsRunning('v1499').length, 1)
  })

  it('see the visitor type only where they watch', () => {
    fanout.publishVisitorTyping('s', true)
    fanout.publishVisitorTyping('another', true)
    assert.deepEqual([tab.told, desk.told], [[], [['typing', true]]])
  })

  it('may leave while they are told', () => {
    const leaving: Listener = {
      tell: () => {
        fanout.leave('s', leaving)
      },
    }
    fanout.join('s', leaving)
    const last = new Tab()
    fanout.join('s', last)
    fanout.publish(TO, 'agent:left', { epoch: 1 })
    fanout.publish(TO, 'agent:left', { epoch: 2 })
    assert.equal(last.told.length, 2)
    assert.equal(fanout.leave('s', last), false)
    assert.equal(fanout.leave('s', tab), true)
    fanout.unwatch('s', desk)
    fanout.publish(TO, 'agent:left', { epoch: 3 })
    assert.equal(desk.told.length, 2)
  })

  it('are overheard once for each event, and never for a piece of a reply', () => {
    const heard: string[] = []
    fanout.overhear((to, event) => heard.push(`${to.conversation_id} ${event}`))
    fanout.publish(TO, 'agent:left', { epoch: 1 })
    fanout.publish(TO, 'reply:delta', 1, 1, 0, 'Hello')
    fanout.deliver(TO, 'agent:left', { epoch: 2 })
    assert.deepEqual(heard, ['v agent:left'])
  })
})

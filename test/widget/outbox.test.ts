import assert from 'node:assert/strict'
import { mock } from 'node:test'
import { refuse, succeed, type Result } from '../../protocol/result.ts'
import type { Message } from '../../protocol/records.ts'
import type { OutboxEntry } from '../../widget/bridge.ts'
import { Outbox } from '../../widget/frame/outbox.ts'
import { outboxEntry, visitorMessage } from './cast.ts'

type Answer = Result<{ message: Message }>

describe('the outbox', () => {
  beforeEach(() => mock.timers.enable({ apis: ['setTimeout'] }))
  afterEach(() => mock.timers.reset())

  it('sends in order, one at a time', async () => {
    const desk = new Desk()
    desk.outbox.setConnected(true)
    for (const id of ['a', 'b', 'c']) desk.outbox.add(outboxEntry(id))
    assert.deepEqual(desk.inFlight(), ['a'])
    await desk.answer(sent('a'))
    assert.deepEqual(desk.inFlight(), ['b'])
    await desk.answer(sent('b'))
    await desk.answer(sent('c'))
    assert.deepEqual(desk.sent, ['a', 'b', 'c'])
    assert.deepEqual([...desk.kept.keys()], [])
  })

  it('keeps a message from before its sending until after its ack', async () => {
    const desk = new Desk()
    desk.outbox.add(outboxEntry('a'))
    assert.deepEqual([...desk.kept.keys()], ['a'])
    desk.outbox.setConnected(true)
    assert.deepEqual([...desk.kept.keys()], ['a'])
    await desk.answer(sent('a'))
    assert.deepEqual([...desk.kept.keys()], [])
  })

  it('sends nothing while there is no connection, and everything afterwards', async () => {
    const desk = new Desk()
    desk.outbox.add(outboxEntry('a'))
    assert.deepEqual(desk.inFlight(), [])
    desk.outbox.setConnected(true)
    await desk.answer(refuse('unavailable'))
    desk.outbox.setConnected(false)
    mock.timers.tick(60_000)
    assert.deepEqual(desk.inFlight(), [])
    desk.outbox.setConnected(true)
    assert.deepEqual(desk.inFlight(), ['a'])
  })

  it('tries again under the same id after as long as it was told', async () => {
    const desk = new Desk()
    desk.outbox.setConnected(true)
    desk.outbox.add(outboxEntry('a'))
    await desk.answer(refuse('busy', undefined, 5_000))
    assert.deepEqual(desk.failed, [])
    mock.timers.tick(4_999)
    assert.deepEqual(desk.inFlight(), [])
    mock.timers.tick(1)
    assert.deepEqual(desk.inFlight(), ['a'])
  })

  it('waits twice as long each time when it was not told how long', async () => {
    const desk = new Desk()
    desk.outbox.setConnected(true)
    desk.outbox.add(outboxEntry('a'))
    for (const pause of [1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]) {
      await desk.answer(refuse('unavailable'))
      mock.timers.tick(pause - 1)
      assert.deepEqual(desk.inFlight(), [], `before ${pause} ms`)
      mock.timers.tick(1)
      assert.deepEqual(desk.inFlight(), ['a'], `after ${pause} ms`)
    }
  })

  it('marks what can never succeed and lets the next one pass', async () => {
    const desk = new Desk()
    desk.outbox.setConnected(true)
    desk.outbox.add(outboxEntry('a'))
    desk.outbox.add(outboxEntry('b'))
    await desk.answer(refuse('invalid_payload'))
    assert.deepEqual(desk.failed, ['a invalid_payload'])
    assert.equal(desk.kept.get('a')?.failed, 'invalid_payload')
    assert.deepEqual(desk.inFlight(), ['b'])
  })

  it('does not send by itself what was kept as failed', () => {
    const desk = new Desk()
    desk.outbox.setConnected(true)
    desk.outbox.add({ ...outboxEntry('a'), failed: 'invalid_payload' })
    assert.deepEqual(desk.inFlight(), [])
  })

  it('adds one id once', () => {
    const desk = new Desk()
    desk.outbox.add(outboxEntry('a'))
    desk.outbox.add(outboxEntry('a'))
    desk.outbox.setConnected(true)
    assert.equal(desk.asked.length, 1)
  })

  it('forgets what is discarded while it waits', async () => {
    const desk = new Desk()
    desk.outbox.setConnected(true)
    desk.outbox.add(outboxEntry('a'))
    await desk.answer(refuse('unavailable'))
    desk.outbox.discard('a')
    mock.timers.tick(60_000)
    assert.deepEqual(desk.inFlight(), [])
    assert.deepEqual([...desk.kept.keys()], [])
  })

  it('does not bring back a message that was discarded in flight and then refused', async () => {
    const desk = new Desk()
    desk.outbox.setConnected(true)
    desk.outbox.add(outboxEntry('a'))
    desk.outbox.discard('a')
    await desk.answer(refuse('invalid_payload'))
    assert.deepEqual([...desk.kept.keys()], [])
    assert.deepEqual(desk.failed, [])
  })
})

function sent(id: string): Answer {
  return succeed({ message: visitorMessage(1, id, { client_message_id: id }) })
}

/** What stands around an outbox: a server that answers when told to, and a shelf. */
class Desk {
  readonly asked: string[] = []
  readonly sent: string[] = []
  readonly failed: string[] = []
  readonly kept = new Map<string, OutboxEntry>()
  #open: { id: string; answer: (answer: Answer) => void }[] = []
  readonly outbox = new Outbox({
    send: ({ client_message_id: id }) => {
      this.asked.push(id)
      return new Promise((answer) => this.#open.push({ id, answer }))
    },
    put: (entry) => this.kept.set(entry.client_message_id, entry),
    drop: (id) => this.kept.delete(id),
    onSent: (message) => this.sent.push(message.content),
    onFailed: (entry, code) => this.failed.push(`${entry.client_message_id} ${code}`),
  })

  inFlight(): string[] {
    return this.#open.map(({ id }) => id)
  }

  /** Answers the one message in flight, and lets everybody who waits for that go on. */
  async answer(answer: Answer): Promise<void> {
    assert.equal(this.#open.length, 1)
    this.#open.shift()?.answer(answer)
    await new Promise(setImmediate)
  }
}

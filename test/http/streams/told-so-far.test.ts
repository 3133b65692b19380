import assert from 'node:assert/strict'
import type { Message } from '../../../protocol/records.ts'
import type { SessionReady } from '../../../protocol/widget.ts'
import { ToldSoFar } from '../../../server/http/streams/told-so-far.ts'

const OLD = 'aaaaaaaa-0000-4000-8000-000000000000'
const NEW = 'bbbbbbbb-0000-4000-8000-000000000000'
const of = (conversation_id: string) => ({ client_id: 'c', session_id: 's', conversation_id })
const message = (seq: number) => ({ seq }) as Message
const ready = (id: string | null, seqs: number[], reply?: object) =>
  ({
    conversation: id === null ? null : { id },
    messages: seqs.map(message),
    reply,
  }) as unknown as SessionReady

describe('The id of an event', () => {
  let told: ToldSoFar

  beforeEach(() => {
    told = new ToldSoFar()
  })

  it('names the last message up to which nothing is missing', () => {
    told.begin({}, ready(OLD, [1, 2]))
    told.hear(of(OLD), 'message:created', [{ message: message(4) }])
    assert.equal(told.id, `2.0.0.0.${OLD}`)
    told.hear(of(OLD), 'message:created', [{ message: message(3) }])
    assert.equal(told.id, `4.0.0.0.${OLD}`)
    told.hear(of(OLD), 'message:created', [{ message: message(3) }])
    assert.equal(told.id, `4.0.0.0.${OLD}`)
  })

  it('begins where the reader’s copy ends, if it is of this conversation', () => {
    told.begin({ last_seq: 7, conversation_id: OLD }, ready(OLD, []))
    assert.equal(told.id, `7.0.0.0.${OLD}`)
    told.begin({ last_seq: 7 }, ready(OLD, []))
    assert.equal(told.id, `7.0.0.0.${OLD}`)
    told.begin({ last_seq: 7, conversation_id: OLD }, ready(NEW, []))
    assert.equal(told.id, `0.0.0.0.${NEW}`)
    told.begin({ last_seq: 7 }, ready(null, []))
    assert.equal(told.id, '0.0.0.0')
  })

  it('follows the running reply, from what was told of it on', () => {
    told.begin({}, ready(OLD, [1], { turn: 1, attempt: 2, offset: 3, text: 'four' }))
    assert.equal(told.id, `1.1.2.7.${OLD}`)
    told.hear(of(OLD), 'reply:delta', [1, 2, 7, '🦊'])
    assert.equal(told.id, `1.1.2.9.${OLD}`)
    told.hear(of(OLD), 'reply:start', [{ turn: 1, attempt: 3, epoch: 0, answers_to: 1 }])
    assert.equal(told.id, `1.1.3.0.${OLD}`)
    told.hear(of(OLD), 'reply:end', [{ turn: 1, message: message(2) }])
    assert.equal(told.id, `2.0.0.0.${OLD}`)
  })

  it('is not moved by what is still told of an earlier conversation', () => {
    told.begin({}, ready(OLD, [1, 2, 3]))
    told.hear(of(NEW), 'conversation:started', [{ conversation: { id: NEW } as never }])
    assert.equal(told.id, `0.0.0.0.${NEW}`)
    told.hear(of(OLD), 'reply:end', [{ turn: 2, message: message(4) }])
    told.hear(of(OLD), 'message:created', [{ message: message(1) }])
    assert.equal(told.id, `0.0.0.0.${NEW}`)
  })

  it('gives up when a message stays missing', () => {
    told.begin({}, ready(OLD, [1]))
    for (let seq = 3; seq < 300; seq++) told.hear(of(OLD), 'message:created', [{ message: message(seq) }])
    assert.equal(told.lost, true)
  })
})

import assert from 'node:assert/strict'
import type { Message } from '../../../protocol/records.ts'
import type { EventStream } from '../../../server/http/streams/event-stream.ts'
import { FollowedReply } from '../../../server/http/streams/followed-reply.ts'

const HERE = { client_id: 'c', session_id: 's', conversation_id: 'here' }
const ELSEWHERE = { ...HERE, conversation_id: 'elsewhere' }
const ASKED = { conversation_id: 'here', seq: 3, confirming: [] }
const start = (turn: number, answers_to: number, attempt = 1) => ({ turn, attempt, epoch: 0, answers_to })
const end = (turn: number, answers_to: number) => ({ turn, message: { answers_to } as Message })

describe('The reply to one message', () => {
  let told: [event: string, id: string | undefined][]
  let stream: EventStream
  let followed: FollowedReply

  beforeEach(() => {
    told = []
    stream = {
      send: (event: string, _data: object, id?: string) => told.push([event, id]),
      sendPiece: (_piece: object, id: string) => told.push(['reply:delta', id]),
    } as never
    followed = new FollowedReply()
  })

  it('is that of the first turn which answers it', () => {
    followed.begin(stream, ASKED, { ...start(1, 2), offset: 0, text: 'to another' })
    followed.tell(HERE, 'reply:delta', 1, 1, 10, ' one')
    followed.tell(HERE, 'reply:end', end(1, 2))
    followed.tell(HERE, 'reply:start', start(2, 4))
    followed.tell(HERE, 'reply:delta', 2, 1, 0, 'to this')
    followed.tell(HERE, 'tool:start', { turn: 2, call_id: 'a', name: 'look', label: 'Looking' })
    followed.tell(HERE, 'tool:end', { turn: 1, call_id: 'b', ok: true, duration_ms: 1 })
    followed.tell(HERE, 'reply:end', end(2, 4))
    followed.tell(HERE, 'reply:start', start(3, 5))
    followed.tell(HERE, 'reply:delta', 3, 1, 0, 'to the next')
    assert.deepEqual(told, [
      ['reply:start', '3.2.1.0'],
      ['reply:delta', '3.2.1.7'],
      ['tool:start', '3.2.1.7'],
    ])
  })

  it('is followed into a later attempt', () => {
    followed.begin(stream, ASKED, { ...start(1, 3), offset: 4, text: ' upon' })
    followed.tell(HERE, 'reply:start', start(1, 3, 2))
    followed.tell(HERE, 'reply:delta', 1, 2, 0, 'Anew')
    assert.deepEqual(told, [
      ['reply:delta', '3.1.1.9'],
      ['reply:start', '3.1.2.0'],
      ['reply:delta', '3.1.2.4'],
    ])
  })

  it('is not that of a turn which was stopped before the message came', () => {
    followed.begin(stream, ASKED, { ...start(1, 3), offset: 0, text: '' })
    followed.tell(HERE, 'reply:end', end(1, 2))
    followed.tell(HERE, 'reply:start', start(2, 3))
    assert.deepEqual(told, [
      ['reply:start', '3.1.1.0'],
      ['reply:start', '3.2.1.0'],
    ])
  })

  it('is not looked for in the next turn when it has ended before it was known which it is', () => {
    followed.tell(HERE, 'reply:end', end(1, 3))
    followed.begin(stream, ASKED, { ...start(2, 4), offset: 0, text: 'to the next' })
    followed.tell(HERE, 'reply:delta', 2, 1, 11, ' one')
    assert.deepEqual(told, [])
  })

  it('is not looked for in another conversation', () => {
    followed.tell(ELSEWHERE, 'reply:end', end(1, 9))
    followed.begin(stream, ASKED, undefined)
    followed.tell(ELSEWHERE, 'reply:start', start(1, 9))
    followed.tell(ELSEWHERE, 'reply:delta', 1, 1, 0, 'not this')
    followed.tell(ELSEWHERE, 'reply:end', end(1, 9))
    followed.tell(HERE, 'reply:start', start(5, 3))
    assert.deepEqual(told, [['reply:start', '3.5.1.0']])
  })
})

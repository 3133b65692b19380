import assert from 'node:assert/strict'
import { setImmediate as turnOfTheLoop } from 'node:timers/promises'
import fc from 'fast-check'
import type { ClaimedTurn } from '../../server/conversation/claim.ts'
import { LiveReply } from '../../server/conversation/live-reply.ts'
import { Recorder } from '../support/recorder.ts'

const claimed: ClaimedTurn = {
  to: { client_id: 'client', session_id: 'session', conversation_id: 'conversation' },
  node: 'node',
  turn: 4,
  attempt: 2,
  epoch: 1,
  upTo: 7,
  finish: null,
}

function begun(): { told: Recorder; reply: LiveReply; deltas: () => string[] } {
  const told = new Recorder()
  const reply = new LiveReply(told, claimed)
  reply.begin(7)
  const deltas = () => told.told.all.flatMap((one) => (one.event === 'reply:delta' ? [one.args[3]] : []))
  return { told, reply, deltas }
}

describe('A live reply', () => {
  it('says which turn and attempt is at work, and what it answers', () => {
    const { told } = begun()
    assert.deepEqual(told.told.all[0]?.args, [{ turn: 4, attempt: 2, epoch: 1, answers_to: 7 }])
  })

  it('sends the first piece at once and merges what else arrives in that turn of the event loop', async () => {
    const { reply, deltas } = begun()
    reply.append('a')
    assert.deepEqual(deltas(), ['a'])
    reply.append('b')
    reply.append('c')
    assert.deepEqual(deltas(), ['a'])
    await turnOfTheLoop()
    assert.deepEqual(deltas(), ['a', 'bc'])
  })

  it('sends what waits when all was said, before the event loop has turned', () => {
    const { reply, deltas } = begun()
    reply.append('a')
    reply.append('b')
    reply.flush()
    reply.close()
    assert.deepEqual(deltas(), ['a', 'b'])
  })

  it('never ends a piece between two surrogates', async () => {
    const { reply, deltas } = begun()
    reply.append('x\ud83d')
    reply.append('\ude00y')
    await turnOfTheLoop()
    assert.deepEqual(deltas(), ['x', '😀y'])
  })

  it('gives a newcomer the whole text, and one who has read a part the rest', () => {
    const { reply } = begun()
    reply.append('hello ')
    reply.append('world')
    assert.equal(reply.snapshot(undefined)?.text, 'hello world')
    assert.deepEqual(reply.snapshot({ turn: 4, attempt: 2, offset: 6 }), {
      turn: 4,
      attempt: 2,
      epoch: 1,
      answers_to: 7,
      offset: 6,
      text: 'world',
    })
  })

  it('begins again at the first character for who has read another attempt, or claims to be ahead', () => {
    const { reply } = begun()
    reply.append('hello')
    assert.equal(reply.snapshot({ turn: 4, attempt: 1, offset: 3 })?.offset, 0)
    assert.equal(reply.snapshot({ turn: 4, attempt: 2, offset: 99 })?.offset, 0)
  })

  it('continues after a snapshot exactly where the snapshot ends', async () => {
    const { reply, told } = begun()
    reply.append('a')
    reply.append('b')
    const seen = reply.snapshot(undefined)
    reply.append('c')
    await turnOfTheLoop()
    const last = told.told.all.at(-1)
    assert.equal(last?.event === 'reply:delta' && last.args[2], seen?.text.length)
  })

  it('is put together from its pieces to the character, whatever is said', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.string({ unit: 'binary', minLength: 1 })), async (pieces) => {
        const { reply, told } = begun()
        for (const piece of pieces) {
          for (const unit of piece.split('')) reply.append(unit)
          await turnOfTheLoop()
        }
        assert.equal(told.streamed(4, 2), pieces.join(''))
      }),
      { seed: 2026, numRuns: 60 },
    )
  })

  it('says nothing after it was closed', async () => {
    const { reply, deltas } = begun()
    reply.append('a')
    reply.append('b')
    reply.close()
    await turnOfTheLoop()
    assert.deepEqual(deltas(), ['a'])
  })
})

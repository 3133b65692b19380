import assert from 'node:assert/strict'
import { follow, type BrokenOff, type OpenStream } from '../../client/follow.ts'
import type { ReadEvent } from '../../client/read-events.ts'
import { wireError, type ErrorCode } from '../../protocol/errors.ts'
import { problemOf } from '../../server/http/problem.ts'

const LIMITS = { silence: 40, firstWait: 1, lastWait: 4, tries: 3 }

/** A server that answers each opening with the next of these, and keeps what it was asked. */
function script(...answers: (Response | Error | typeof SILENCE)[]): {
  open: OpenStream
  asked: (string | undefined)[]
} {
  const asked: (string | undefined)[] = []
  const open: OpenStream = (lastId, signal) => {
    asked.push(lastId)
    const next = answers.shift() ?? new Error('nothing more is scripted')
    if (next instanceof Error) return Promise.reject(next)
    return Promise.resolve(next === SILENCE ? silent(signal) : next)
  }
  return { open, asked }
}

/** An answer whose body never comes, as `fetch` gives it: an abort breaks it off. */
const SILENCE = Symbol('silence')
function silent(signal: AbortSignal): Response {
  const start = (body: ReadableStreamDefaultController): void =>
    signal.addEventListener('abort', () => body.error(signal.reason))
  return new Response(new ReadableStream({ start }))
}

const stream = (...texts: string[]) => new Response(texts.join(''))
const told = (event: string, id: string, data: object = {}) =>
  `event: ${event}\nid: ${id}\ndata: ${JSON.stringify(data)}\n\n`
const refused = (code: ErrorCode, retryAfterMs?: number) => {
  const problem = problemOf(wireError(code, undefined, retryAfterMs), 'request-1')
  return new Response(JSON.stringify(problem), { status: problem.status })
}

async function heard(open: OpenStream, signal?: AbortSignal): Promise<string[]> {
  const all: string[] = []
  for await (const event of follow(open, { ends: ['reply:end'], limits: LIMITS, signal }))
    all.push(nameOf(event))
  return all
}
const nameOf = (one: ReadEvent | BrokenOff) =>
  one.event === 'problem' ? `problem ${(one as BrokenOff).data.code}` : `${one.event} ${one.id ?? ''}`

describe('A stream that is followed', () => {
  it('is opened again after its last event, until the end has come', async () => {
    const { open, asked } = script(
      stream(told('chat:accepted', '1.0.0.0'), told('reply:delta', '1.1.1.3')),
      new Error('no network'),
      stream(told('chat:accepted', '1.0.0.0'), told('reply:delta', '1.1.1.9')),
      stream(told('chat:accepted', '1.0.0.0'), ':\n\n', told('reply:end', '2.0.0.0'), told('more', '3')),
    )
    assert.deepEqual(await heard(open), [
      'chat:accepted 1.0.0.0',
      'reply:delta 1.1.1.3',
      'reply:delta 1.1.1.9',
      'reply:end 2.0.0.0',
    ])
    assert.deepEqual(asked, [undefined, '1.1.1.3', '1.1.1.3', '1.1.1.9'])
  })

  it('is read whole, however it is cut into pieces', async () => {
    const bytes = new TextEncoder().encode(told('reply:delta', '1', { text: '🦊' }) + told('reply:end', '2'))
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        for (const byte of bytes) controller.enqueue(new Uint8Array([byte]))
        controller.close()
      },
    })
    const events: (ReadEvent | BrokenOff)[] = []
    for await (const event of follow(script(new Response(body)).open, { ends: ['reply:end'] }))
      events.push(event)
    assert.deepEqual(events[0], { event: 'reply:delta', id: '1', data: { text: '🦊' } })
  })

  it('is opened again when the server goes away, when that asks for it, and when nothing is heard', async () => {
    const { open, asked } = script(
      stream(told('hello', '1'), 'event: server:draining\ndata: {"reconnect_in_ms":2}\n\n'),
      refused('unavailable', 1),
      stream(told('hello', '2')),
      SILENCE,
      stream(told('reply:end', '3')),
    )
    assert.deepEqual(await heard(open), ['hello 1', 'hello 2', 'reply:end 3'])
    assert.deepEqual(asked, [undefined, '1', '1', '2', '2'])
  })

  it('ends with the problem that cannot be mended', async () => {
    for (const answer of [
      refused('session_invalid'),
      stream(`event: problem\ndata: ${await refused('client_unknown').text()}\n\n`),
    ]) {
      const { open, asked } = script(answer)
      assert.match((await heard(open)).join(), /^problem (session_invalid|client_unknown)$/)
      assert.equal(asked.length, 1)
    }
  })

  it('ends when it fails too often in a row', async () => {
    const { open, asked } = script()
    assert.deepEqual(await heard(open), ['problem unreachable'])
    assert.equal(asked.length, LIMITS.tries)
  })

  it('throws the reason when it is aborted, whatever it waits for', async () => {
    for (const answers of [[], [SILENCE] as const]) {
      const leave = new AbortController()
      const { open } = script(...answers)
      const listening = heard((id, signal) => {
        const answered = open(id, signal)
        leave.abort(new Error('enough'))
        return answered
      }, leave.signal)
      await assert.rejects(listening, /enough/)
    }
  })
})

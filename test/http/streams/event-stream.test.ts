import assert from 'node:assert/strict'
import { EventStream } from '../../../server/http/streams/event-stream.ts'

describe('A stream of events whose reader is behind', () => {
  const UNREAD = 100_000
  let stream: EventStream
  let hungUp: boolean

  beforeEach(() => {
    hungUp = false
    stream = new EventStream({ unreadBytes: UNREAD, hangUp: () => (hungUp = true) })
    stream.send('filler', { text: 'x'.repeat(20_000) })
  })

  const say = (from: number, count: number, size = 1) => {
    for (let offset = from; offset < from + count * size; offset += size)
      stream.sendPiece({ turn: 1, attempt: 1, offset, text: 'y'.repeat(size) }, `1.1.1.${offset + size}`)
  }
  const read = async () => {
    const text = await new Response(stream.body).text()
    return [...text.matchAll(/^event: (.*)\n(?:id: (.*)\n)?data: (.*)$/gm)]
      .slice(1)
      .map(([, event, id, data]) => [event, id, JSON.parse(data ?? '') as unknown])
  }

  it('gets pieces of a reply together, under the id of the last one, before what follows them', async () => {
    say(0, 100)
    stream.send('reply:end', {}, '2.0.0.0')
    say(100, 1)
    stream.end()
    assert.deepEqual(await read(), [
      ['reply:delta', '1.1.1.100', { turn: 1, attempt: 1, offset: 0, text: 'y'.repeat(100) }],
      ['reply:end', '2.0.0.0', {}],
      ['reply:delta', '1.1.1.101', { turn: 1, attempt: 1, offset: 100, text: 'y' }],
    ])
  })

  it('is cut off where it leaves too much, and nothing more is kept for it', async () => {
    say(0, 200, 1_000)
    assert.equal(hungUp, true)
    await stream.closed
    const pieces = (await read()) as [string, string, { text: string }][]
    const kept = pieces.reduce((sum, [, , { text }]) => sum + text.length, 0)
    assert.ok(kept < UNREAD + 70_000, `${kept} units were kept`)
  })
})

import assert from 'node:assert/strict'
import type { HttpContext } from '../../../server/http/http-env.ts'
import type { EventStream } from '../../../server/http/streams/event-stream.ts'
import { OpenStreams } from '../../../server/http/streams/open-streams.ts'
import { createOccupancy } from '../../../server/infra/rate-limit.ts'

/** A request from `address`, as far as streams look at it. */
function request(address = '192.0.2.1') {
  const gone = new AbortController()
  const cut = { times: 0 }
  const variables = { address, requestId: 'r1' }
  const context = {
    get: (name: keyof typeof variables) => variables[name],
    env: {
      address,
      hangUp: () => {
        cut.times++
      },
    },
    req: { raw: { signal: gone.signal } },
  } as unknown as HttpContext
  return { context, gone, cut }
}

const BY = { client_id: 'c1' }

describe('Streams of events', () => {
  let streams: OpenStreams

  beforeEach(() => {
    streams = new OpenStreams({
      limits: { beatEvery: 60_000, unreadBytes: 100 },
      occupancy: createOccupancy(2),
    })
  })
  afterEach(() => streams.sendAway(0))

  const open = (from = request(), by: { client_id: string; isServer?: boolean } = BY): EventStream => {
    const opened = streams.open(from.context, by)
    assert.ok(opened.ok)
    return opened.data
  }
  const read = async (stream: EventStream) => new Response(stream.body).text()

  it('end with the request', async () => {
    const from = request()
    const stream = open(from)
    assert.equal(streams.size, 1)
    from.gone.abort()
    await stream.closed
    assert.deepEqual([streams.size, await read(stream)], [0, ''])
  })

  it('end when nobody reads on', async () => {
    const stream = open()
    await stream.body.cancel()
    await stream.closed
    assert.equal(streams.size, 0)
    stream.send('late', {})
  })

  it('are so many from one address, and as many as it likes from a client’s server', async () => {
    const held = [open(), open()]
    const third = streams.open(request().context, BY)
    assert.equal(!third.ok && third.error.code, 'too_many_connections')
    open(request('192.0.2.2'))
    open(request(), { ...BY, isServer: true })
    held[0]?.end()
    await held[0]?.closed
    open()
  })

  it('are cut when their reader leaves too much unread, but not for one long event', async () => {
    const from = request()
    const stream = open(from)
    stream.send('long', { text: 'x'.repeat(1_000) })
    assert.equal(from.cut.times, 0)
    stream.send('short', {})
    await stream.closed
    assert.deepEqual([from.cut.times, streams.size], [1, 0])
    stream.send('late', {})
    assert.equal(from.cut.times, 1)
  })

  it('write events as readers have them, one line of data each', async () => {
    const stream = open()
    stream.send('said', { text: 'one\ntwo\u2028three' }, '1.1.1.3')
    stream.send('said', {})
    stream.beat()
    stream.end()
    assert.equal(
      await read(stream),
      'event: said\nid: 1.1.1.3\ndata: {"text":"one\\ntwo\u2028three"}\n\nevent: said\ndata: {}\n\n:\n\n',
    )
  })

  it('end with a word when their client is not active any more, and others go on', async () => {
    const [one, two] = [open(), open(request(), { client_id: 'c2' })]
    assert.deepEqual(streams.held(), { clients: new Set(['c1', 'c2']) })
    streams.cut({ kind: 'admin', id: 'c1' })
    assert.equal(streams.size, 2)
    streams.cut({ kind: 'client', id: 'c1' })
    await one.closed
    assert.match(await read(one), /event: problem\ndata: .*"code":"client_unknown"/)
    assert.equal(streams.size, 1)
    two.end()
  })

  it('end with a word one after the other where others take over, to be opened again at once', async () => {
    const all = Array.from({ length: 30 }, () => open(request(), { client_id: 'c1', isServer: true }))
    const leaving = streams.sendElsewhere(100)
    assert.equal(streams.size, 30)
    await leaving
    assert.equal(streams.size, 0)
    for (const stream of all)
      assert.match(await read(stream), /^event: server:draining\ndata: \{"reconnect_in_ms":0\}\n\n$/)
  })

  it('end with a word when the process goes away', async () => {
    const stream = open()
    await streams.sendAway(3_000)
    assert.match(await read(stream), /^event: server:draining\ndata: \{"reconnect_in_ms":\d{1,4}\}\n\n$/)
    assert.equal(streams.size, 0)
  })
})

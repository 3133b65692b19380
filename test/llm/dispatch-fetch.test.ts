import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Agent, buildConnector } from 'undici'
import { createDispatchFetch, StreamedResponse } from '../../server/llm/dispatch-fetch.ts'
import { ProviderError } from '../../server/llm/provider.ts'
import { Inbox } from '../support/inbox.ts'

interface Exchange {
  request: IncomingMessage
  response: ServerResponse
}

describe('the fetch for vendors', () => {
  const server = createServer((request, response) => {
    exchanges.put({ request, response })
  })
  const exchanges = new Inbox<Exchange>('request')
  let agent: Agent
  let url: string
  before(async () => {
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  after(() => {
    server.close()
    server.closeAllConnections()
  })
  beforeEach(() => {
    agent = new Agent()
    exchanges.clear()
  })
  afterEach(() => agent.destroy())

  const post = (signal = idle(), path = '/') =>
    createDispatchFetch(agent)(url + path, { method: 'POST', body: '{}', headers: { 'x-mine': '1' }, signal })
  const streamed = (response: Response) => {
    assert.ok(response instanceof StreamedResponse)
    return response
  }
  const readAll = async (response: Response) => {
    let text = ''
    await streamed(response).read((chunk) => {
      text += chunk.toString()
      return true
    }, idle())
    return text
  }

  it('sends what it is given, and hands over status, headers and body', async () => {
    const posted = post(idle(), '/v1/messages?beta=true')
    const { request, response } = await exchanges.take()
    assert.deepEqual(
      [request.method, request.url, request.headers['x-mine'], request.headers['content-length']],
      ['POST', '/v1/messages?beta=true', '1', '2'],
    )
    response.writeHead(200, { 'request-id': 'req_1', 'set-cookie': ['a=1', 'b=2'] }).end('hello')
    const got = await posted
    assert.deepEqual([got.status, got.ok, got.headers.get('request-id')], [200, true, 'req_1'])
    assert.deepEqual(got.headers.getSetCookie(), ['a=1', 'b=2'])
    assert.equal(await readAll(got), 'hello')
  })

  it('uses connections again', async () => {
    const ports = new Set<number | undefined>()
    for (let round = 0; round < 6; round++) {
      const posted = post()
      const { request, response } = await exchanges.take()
      ports.add(request.socket.remotePort)
      response.end('hello')
      await readAll(await posted)
    }
    // The next request may come before undici knows that the last one is over.
    assert.ok(ports.size <= 2)
  })

  it('gives a failure as a plain response with its text, of which it reads no more than it needs', async () => {
    const posted = post()
    const first = await exchanges.take()
    first.response.writeHead(529, { 'retry-after': '7' }).end('{"error": 1}')
    const failed = await posted
    assert.deepEqual([failed.status, failed.ok, failed.headers.get('retry-after')], [529, false, '7'])
    assert.equal(await failed.text(), '{"error": 1}')

    const endless = post()
    const { response } = await exchanges.take()
    const closed = once(response, 'close')
    response.writeHead(500)
    for (let sent = 0; sent < 8; sent++) response.write('x'.repeat(16_384))
    const length = (await (await endless).text()).length
    assert.ok(length >= 65_536 && length < 200_000)
    await closed
  })

  it('stops reading when there is enough, and gives up the connection when the rest does not come', async () => {
    const posted = post()
    const { response } = await exchanges.take()
    const closed = once(response, 'close')
    response.write('enough')
    const chunks: string[] = []
    await streamed(await posted).read((chunk) => chunks.push(chunk.toString()) < 1, idle())
    response.write('too much')
    assert.deepEqual(chunks, ['enough'])
    await closed
  })

  it('rejects with what the reader throws, and closes the connection', async () => {
    const posted = post()
    const { response } = await exchanges.take()
    const closed = once(response, 'close')
    response.write('hello')
    const bug = new TypeError('a bug')
    const read = streamed(await posted).read(() => {
      throw bug
    }, idle())
    await assert.rejects(read, (error: unknown) => error === bug)
    await closed
  })

  it('says that the stream is broken when the connection is cut, also before somebody reads', async () => {
    for (const early of [true, false]) {
      const posted = post()
      const { response } = await exchanges.take()
      response.writeHead(200).flushHeaders()
      const got = await posted
      response.destroy()
      if (early) await once(response, 'close')
      await assert.rejects(readAll(got), (error: unknown) => {
        return error instanceof ProviderError && error.code === 'broken_stream'
      })
    }
  })

  it('when aborted before it begins, sends nothing', async () => {
    await assert.rejects(post(AbortSignal.abort(new Error('enough'))), /enough/)
    assert.equal(exchanges.all.length, 0)
  })

  it('when aborted while the connection is made, rejects at once and never sends the request', async () => {
    await agent.destroy()
    const connector = buildConnector({})
    const waiting = new Inbox<() => void>('connection')
    agent = new Agent({
      connections: 1,
      connect: (options, callback) => {
        waiting.put(() => {
          connector(options, callback)
        })
      },
    })
    const stop = new AbortController()
    const posted = post(stop.signal, '/aborted')
    const connect = await waiting.take()
    stop.abort(new Error('enough'))
    await assert.rejects(posted, /enough/)
    const next = post(idle(), '/next')
    connect()
    const { request, response } = await Promise.race([
      exchanges.take(),
      waiting.take().then((again) => {
        again()
        return exchanges.take()
      }),
    ])
    assert.equal(request.url, '/next')
    response.end('hello')
    assert.equal(await readAll(await next), 'hello')
  })

  it('when aborted before the head, closes the connection', async () => {
    const stop = new AbortController()
    const posted = post(stop.signal)
    const { response } = await exchanges.take()
    const closed = once(response, 'close')
    stop.abort(new Error('enough'))
    await assert.rejects(posted, /enough/)
    await closed
  })

  it('when aborted while the body comes, or before it is read, closes the connection and calls nobody', async () => {
    for (const reading of [true, false]) {
      const stop = new AbortController()
      const posted = post(stop.signal)
      const { response } = await exchanges.take()
      const closed = once(response, 'close')
      response.writeHead(200).flushHeaders()
      const got = streamed(await posted)
      if (!reading) stop.abort(new Error('enough'))
      let chunks = 0
      const read = got.read(() => ++chunks > 0, stop.signal)
      stop.abort(new Error('enough'))
      response.write('hello')
      await assert.rejects(read, /enough/)
      await closed
      assert.equal(chunks, 0)
    }
  })

  it('takes no body but text', async () => {
    await assert.rejects(createDispatchFetch(agent)(url, { method: 'POST', body: new FormData() }), TypeError)
  })

  it('gets where nothing is sent', async () => {
    const got = createDispatchFetch(agent)(url)
    const { request, response } = await exchanges.take()
    assert.deepEqual([request.method, request.headers['content-length']], ['GET', undefined])
    response.end('hello')
    assert.equal(await readAll(await got), 'hello')
  })
})

function idle(): AbortSignal {
  return new AbortController().signal
}

import assert from 'node:assert/strict'
import { once } from 'node:events'
import http from 'node:http'
import net from 'node:net'
import { after, afterEach, before, describe, it } from 'mocha'
import type { Problem } from '../../protocol/rest.ts'
import { engineKind, startEngine, type Running } from '../sockets/engine-under-test.ts'
import { ask, converse } from './raw-http.ts'

const MEGABYTE = 1024 * 1024

describe(`HTTP on the ${engineKind} engine`, () => {
  let running: Running
  let serve: (request: Request, path: string, address: string) => Response | Promise<Response>
  let lines: Record<string, unknown>[] = []

  before(async () => {
    running = await startEngine({
      fetch: (request, { address }) => serve(request, new URL(request.url).pathname, address),
      logged: (line) => lines.push(line),
    })
  })
  after(() => running.close())
  afterEach(() => (lines = []))

  it('hands over method, target, headers and body, and sends back what comes', async () => {
    serve = async (request, _path, address) => {
      const heard = {
        method: request.method,
        url: request.url,
        header: request.headers.get('x-asked'),
        body: await request.text(),
        address,
      }
      const headers = [
        ['set-cookie', 'a=1'],
        ['set-cookie', 'b=2'],
        ['x-said', 'yes'],
      ] as [string, string][]
      return new Response(JSON.stringify(heard), { status: 418, headers })
    }
    const headers = { 'x-asked': ['one', 'two'] }
    const answer = await ask(running.port, '/a%20b/c?d=e&d=%2F', { method: 'POST', body: 'שלום', headers })
    assert.equal(answer.status, 418)
    assert.deepEqual(answer.headers['set-cookie'], ['a=1', 'b=2'])
    assert.equal(answer.headers['x-said'], 'yes')
    assert.deepEqual(JSON.parse(answer.body), {
      method: 'POST',
      url: `http://127.0.0.1:${running.port}/a%20b/c?d=e&d=%2F`,
      header: 'one, two',
      body: 'שלום',
      address: '127.0.0.1',
    })
  })

  it('hands over a target without a query as it is', async () => {
    serve = (request) => new Response(request.url)
    assert.equal((await ask(running.port, '/a')).body, `${running.origin}/a`)
  })

  it('gives a body that is there its length, also when a handler awaited before', async () => {
    serve = async () => {
      await new Promise(setImmediate)
      return new Response('twelve bytes')
    }
    const answer = await ask(running.port, '/')
    assert.equal(answer.headers['content-length'], '12')
    assert.equal(answer.body, 'twelve bytes')
  })

  it('answers HEAD with the length and without the body', async () => {
    serve = (request) =>
      new Response(request.method === 'HEAD' ? null : 'x', { headers: { 'content-length': '4711' } })
    const text = await converse(
      running.port,
      'HEAD / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n',
      () => false,
    )
    assert.match(text, /^content-length: 4711\r$/im)
    assert.match(text, /\r\n\r\n$/)
    assert.equal(text.match(/content-length/gi)?.length, 1)
  })

  it('serves the next request after HEAD on the same connection', async () => {
    serve = (request) =>
      new Response(request.method === 'HEAD' ? null : 'next', { headers: { 'content-length': '4' } })
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 })
    assert.equal((await ask(running.port, '/', { agent, method: 'HEAD' })).headers['content-length'], '4')
    assert.equal((await ask(running.port, '/', { agent })).body, 'next')
    agent.destroy()
  })

  for (const status of [204, 304]) {
    it(`sends ${status} without body, and the connection goes on`, async () => {
      serve = (_request, path) => (path === '/none' ? new Response(null, { status }) : new Response('next'))
      const agent = new http.Agent({ keepAlive: true, maxSockets: 1 })
      assert.equal((await ask(running.port, '/none', { agent })).status, status)
      assert.equal((await ask(running.port, '/', { agent })).body, 'next')
      agent.destroy()
    })
  }

  it('streams an answer as it is made', async () => {
    let more: () => void = () => undefined
    serve = () =>
      new Response(
        new ReadableStream({
          async start(controller) {
            controller.enqueue(Buffer.from('first'))
            await new Promise<void>((resolve) => (more = resolve))
            controller.enqueue(Buffer.from('second'))
            controller.close()
          },
        }),
        { headers: { 'content-type': 'text/event-stream' } },
      )
    const request = http.get({ host: '127.0.0.1', port: running.port, path: '/' })
    const [response] = (await once(request, 'response')) as [http.IncomingMessage]
    response.setEncoding('utf8')
    const parts = response[Symbol.asyncIterator]()
    assert.equal((await parts.next()).value, 'first')
    more()
    assert.equal((await parts.next()).value, 'second')
    assert.equal((await parts.next()).done, true)
    assert.equal(response.headers['transfer-encoding'], 'chunked')
  })

  for (const declared of [false, true]) {
    it(`does not run ahead of a slow reader, ${declared ? 'with' : 'without'} a declared length`, async () => {
      const total = 64 * MEGABYTE
      let made = 0
      serve = () =>
        new Response(
          new ReadableStream(
            {
              pull(controller) {
                if (made === total) controller.close()
                else controller.enqueue(Buffer.alloc(MEGABYTE, made / MEGABYTE))
                made = Math.min(total, made + MEGABYTE)
              },
            },
            { highWaterMark: 0 },
          ),
          { headers: declared ? { 'content-length': String(total) } : {} },
        )
      const request = http.get({ host: '127.0.0.1', port: running.port, path: '/' })
      const [response] = (await once(request, 'response')) as [http.IncomingMessage]
      await stopsGrowing(() => made)
      assert.ok(made < total / 2, `made ${made} bytes for a reader that has not begun`)
      let got = 0
      for await (const chunk of response) {
        const bytes = chunk as Buffer
        const expected = Math.floor(got / MEGABYTE)
        assert.equal(bytes[0], expected)
        got += bytes.length
      }
      assert.equal(got, total)
      assert.equal(response.headers['content-length'], declared ? String(total) : undefined)
    })
  }

  it('sends what a slow reader made wait, although nothing follows it', async () => {
    let made = 0
    let goOn = true
    serve = () =>
      new Response(
        new ReadableStream(
          {
            pull(controller) {
              if (!goOn) return new Promise(() => undefined)
              controller.enqueue(Buffer.alloc(64 * 1024))
              made += 64 * 1024
              return undefined
            },
          },
          { highWaterMark: 0 },
        ),
      )
    const request = http.get({ host: '127.0.0.1', port: running.port, path: '/' })
    const [response] = (await once(request, 'response')) as [http.IncomingMessage]
    await stopsGrowing(() => made)
    goOn = false
    let got = 0
    for await (const chunk of response) {
      got += (chunk as Buffer).length
      if (got === made) break
    }
    request.destroy()
  })

  it('cuts the connection when a body fails midway, since its status is out', async () => {
    serve = () =>
      new Response(
        new ReadableStream({
          async pull(controller) {
            controller.enqueue(Buffer.from('a beginning'))
            await new Promise((resolve) => setTimeout(resolve, 20))
            controller.error(new Error('no end'))
          },
        }),
      )
    await assert.rejects(ask(running.port, '/'), { code: 'ECONNRESET' })
    serve = () => new Response('still here')
    assert.equal((await ask(running.port, '/')).body, 'still here')
  })

  it('aborts the signal and the stream when the reader goes away', async () => {
    let aborted: Promise<unknown> = Promise.resolve()
    let cancelled = false
    serve = (request) => {
      aborted = new Promise((resolve) => request.signal.addEventListener('abort', resolve))
      return new Response(
        new ReadableStream({
          start: (controller) => controller.enqueue(Buffer.from('a beginning')),
          cancel: () => void (cancelled = true),
        }),
      )
    }
    const request = http.get({ host: '127.0.0.1', port: running.port, path: '/' })
    request.on('error', () => undefined)
    const [response] = (await once(request, 'response')) as [http.IncomingMessage]
    await once(response, 'data')
    request.destroy()
    await aborted
    await until(() => cancelled)
  })

  it('aborts the signal of a handler that is still at work', async () => {
    let asked: (request: Request) => void = () => undefined
    const seen = new Promise<Request>((resolve) => (asked = resolve))
    let release: () => void = () => undefined
    serve = async (request) => {
      asked(request)
      await new Promise<void>((resolve) => {
        release = resolve
        request.signal.addEventListener('abort', () => resolve())
      })
      return new Response('for nobody')
    }
    const request = http.get({ host: '127.0.0.1', port: running.port, path: '/' })
    request.on('error', () => undefined)
    const { signal } = await seen
    request.destroy()
    await until(() => signal.aborted)
    release()
    serve = () => new Response('still here')
    assert.equal((await ask(running.port, '/')).body, 'still here')
  })

  it('fails the reading of an upload that breaks off', async () => {
    let begin: () => void = () => undefined
    const begun = new Promise<void>((resolve) => (begin = resolve))
    let failed: (error: unknown) => void = () => undefined
    const failure = new Promise((resolve) => (failed = resolve))
    serve = async (request) => {
      begin()
      await request.text().catch(failed)
      return new Response('for nobody')
    }
    const socket = net.connect(running.port, '127.0.0.1')
    socket.write('POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 1000\r\n\r\nonly this')
    await begun
    socket.destroy()
    assert.ok((await failure) instanceof Error)
    assert.deepEqual(
      lines.filter(({ level }) => (level as number) >= 50),
      [],
    )
  })

  it('makes an upload wait for its reader', async () => {
    let read: () => void = () => undefined
    serve = async (request) => {
      await new Promise<void>((resolve) => (read = resolve))
      let size = 0
      for await (const chunk of request.body as unknown as AsyncIterable<Uint8Array>) size += chunk.byteLength
      return new Response(String(size))
    }
    const total = 64 * MEGABYTE
    const socket = net.connect(running.port, '127.0.0.1')
    socket.write(`POST / HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: ${total}\r\n\r\n`)
    socket.write(Buffer.alloc(total))
    await stopsGrowing(() => total - socket.writableLength)
    assert.ok(socket.writableLength > total / 2, 'most of it waits at the sender')
    read()
    let answer = ''
    for await (const chunk of socket) answer += String(chunk)
    assert.match(answer, new RegExp(`${total}$`))
  })

  it('reads chunked uploads', async () => {
    serve = async (request) => new Response(await request.text())
    const bytes =
      'POST / HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n'
    const text = await converse(running.port, bytes, (received) => received.endsWith('abcde'))
    assert.match(text, /^HTTP\/1.1 200/)
  })

  it('answers an upload that nobody reads, and serves the next', async () => {
    serve = () => new Response('enough', { status: 413 })
    const socket = net.connect(running.port, '127.0.0.1')
    socket.on('error', () => undefined)
    socket.write(`POST / HTTP/1.1\r\nhost: x\r\ncontent-length: ${8 * MEGABYTE}\r\n\r\n`)
    const [head] = (await once(socket, 'data')) as [Buffer]
    assert.match(String(head), /^HTTP\/1.1 413/)
    socket.destroy()
    serve = () => new Response('next')
    assert.equal((await ask(running.port, '/')).body, 'next')
  })

  it('serves a thousand requests on one connection', async () => {
    serve = (request) => new Response(new URL(request.url).search)
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 })
    let sockets = 0
    agent.on('free', () => sockets++)
    const ports = new Set<number | undefined>()
    for (let i = 0; i < 1_000; i++) {
      const request = http.get({ host: '127.0.0.1', port: running.port, path: `/?${i}`, agent })
      const [response] = (await once(request, 'response')) as [http.IncomingMessage]
      ports.add(response.socket.localPort)
      let body = ''
      for await (const chunk of response) body += String(chunk)
      assert.equal(body, `?${i}`)
    }
    assert.equal(ports.size, 1)
    agent.destroy()
  }).timeout(10_000)

  it('answers pipelined requests in order, or closes so that they are asked again; never mixed up', async () => {
    serve = async (request) => {
      const { search } = new URL(request.url)
      if (search === '?1') await new Promise((resolve) => setTimeout(resolve, 20))
      return new Response(`[${search}]`)
    }
    const one = (n: number) => `GET /?${n} HTTP/1.1\r\nhost: x\r\n\r\n`
    const text = await converse(running.port, one(1) + one(2) + one(3), (received) =>
      received.includes('[?3]'),
    )
    const answers = [...text.matchAll(/\[\?\d\]/g)].join('')
    assert.ok('[?1][?2][?3]'.startsWith(answers), answers)
    assert.equal((await ask(running.port, '/?4')).body, '[?4]')
  })

  it('turns a handler that throws into a problem, and logs it', async () => {
    serve = () => {
      throw new Error('a bug')
    }
    const answer = await ask(running.port, '/')
    assert.equal(answer.status, 500)
    assert.equal(answer.headers['content-type'], 'application/problem+json')
    assert.equal((JSON.parse(answer.body) as Problem).code, 'internal')
    assert.doesNotMatch(answer.body, /a bug/)
    assert.equal(lines.filter(({ level }) => level === 50).length, 1)
  })

  it('refuses hosts that are none', async () => {
    serve = () => new Response('served')
    for (const host of ['a/b', 'user@x', 'a b', 'x:y', '[::1', '']) {
      const bytes = `GET / HTTP/1.1\r\nhost: ${host}\r\nconnection: close\r\n\r\n`
      assert.doesNotMatch(await converse(running.port, bytes, () => false), /served/, host)
    }
    const good = 'GET / HTTP/1.1\r\nhost: [::1]:80\r\nconnection: close\r\n\r\n'
    assert.match(await converse(running.port, good, () => false), /served/)
  })

  it('takes 12 KB of headers, and not a megabyte', async () => {
    serve = (request) => new Response(String(request.headers.get('x-long')?.length))
    const withHeader = (size: number) =>
      converse(
        running.port,
        `GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\nx-long: ${'y'.repeat(size)}\r\n\r\n`,
        () => false,
      )
    assert.match(await withHeader(12 * 1024), /12288$/)
    assert.doesNotMatch(await withHeader(MEGABYTE), /HTTP\/1.1 200/)
  })

  it('survives what is not HTTP', async () => {
    serve = () => new Response('still here')
    for (const bytes of [
      '\0\0\0\0\r\n\r\n',
      'GET\r\n\r\n',
      'GET / HTTP/9.9\r\n\r\n',
      '\x16\x03\x01\x02\x00\x01\x00\r\n\r\n',
    ]) {
      await converse(running.port, bytes, () => false)
    }
    assert.equal((await ask(running.port, '/')).body, 'still here')
  }).timeout(30_000)
})

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise(setImmediate)
}

/** Resolves when the number has stayed the same for 100 ms. */
async function stopsGrowing(number: () => number): Promise<void> {
  for (let last = -1; last !== number();) {
    last = number()
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

import assert from 'node:assert/strict'
import { once } from 'node:events'
import net from 'node:net'
import { after, afterEach, before, describe, it } from 'mocha'
import type { Result } from '../../protocol/result.ts'
import { frame, openRawWebSocket } from '../sockets/raw-websocket.ts'
import { rounds } from '../support/rounds.ts'
import { returning, Visitor } from '../support/visitor.ts'
import { inTime } from './in-time.ts'
import { startFloodedServer, type FloodedProcess } from './flooded-process.ts'

const MEGABYTE = 1024 * 1024
const HANDSHAKES = rounds(10_000)
const READY = '42/widget,["session:ready"'

describe('A server under a flood', function () {
  this.timeout(60_000)
  let server: FloodedProcess
  let addresses = 0

  before(async () => {
    server = await startFloodedServer()
  })
  after(() => server.close())

  afterEach(async () => {
    await streamOnce()
    assert.deepEqual(await server.complaints(), [])
  })

  /** A visitor of an address of its own. */
  function open(auth: Record<string, unknown> = {}): Visitor {
    return new Visitor(server.url, auth, { 'x-forwarded-for': `192.0.2.${++addresses}` })
  }

  /** A visitor asks and gets a whole answer, piece by piece. */
  async function streamOnce(): Promise<void> {
    const visitor = open()
    await visitor.ready()
    await visitor.send('m1', '40 x 8 every 10')
    const [{ turn, message }] = await visitor.next('reply:end')
    const whole = Array.from({ length: 40 }, (_, i) => `${i} `.padEnd(8, '.')).join('')
    assert.deepEqual([message.status, message.content, visitor.streamed(turn)], ['complete', whole, whole])
    visitor.close()
  }

  /** While the flood lasts, others are answered, one after the other. */
  async function meanwhile<T>(flood: Promise<T>): Promise<T> {
    const over = new AbortController()
    const ended = flood.finally(() => over.abort())
    ended.catch(() => undefined)
    do await streamOnce()
    while (!over.signal.aborted)
    return ended
  }

  async function join(auth: Record<string, unknown> = {}) {
    const raw = await openRawWebSocket(server.port)
    raw.send(`40/widget,${JSON.stringify({ client_key: 'pk_demo', protocol: 1, ...auth })}`)
    await raw.text((text) => text.startsWith(READY))
    return raw
  }

  it('of thousands of events on one socket acks each, most of them as too many', async () => {
    const tab = open()
    await tab.ready()
    const ask = () => tab.ask('session:sync', { last_seq: 0 }) as Promise<Result<unknown>>
    const codes: string[] = []
    const flood = async () => {
      for (let second = 0; second < 3; second++) {
        const answers = await Promise.all(Array.from({ length: 1_000 }, ask))
        codes.push(...answers.map((answer) => (answer.ok ? 'ok' : answer.error.code)))
      }
    }
    await meanwhile(flood())
    assert.deepEqual([codes.length, [...new Set(codes)].sort()], [3_000, ['ok', 'rate_limited']])
    assert.ok(codes.filter((code) => code === 'ok').length < 600)
    tab.close()
  })

  it('of frames that are no requests closes the connection, or lets it be, and goes on', async () => {
    const junk = ['40/nowhere,', '43/widget,7[]', '3', '42/widget,["typing:set",{"typing":true}]', '2']
    const flood = junk.map(async (text) => {
      const raw = await join()
      raw.write(Buffer.concat(Array.from({ length: 5_000 }, () => frame(Buffer.from(text), 1))))
      raw.socket.end()
      await raw.closed
    })
    await meanwhile(Promise.all(flood))
  })

  it('of a frame of a megabyte, or of parts that never end, closes the connection', async () => {
    const parts = Buffer.concat([
      Buffer.from([0x01, 0xfe, 0x10, 0x00, 0, 0, 0, 0]),
      Buffer.alloc(4_096, 'x'),
      ...Array.from({ length: 20 }, () =>
        Buffer.concat([Buffer.from([0x00, 0xfe, 0x10, 0x00, 0, 0, 0, 0]), Buffer.alloc(4_096, 'x')]),
      ),
    ])
    const flood = [frame(Buffer.alloc(MEGABYTE, 'x'), 1), frame(Buffer.alloc(MEGABYTE), 2), parts]
    await meanwhile(
      Promise.all(
        flood.map(async (bytes) => {
          const raw = await join()
          raw.write(bytes)
          await raw.closed
        }),
      ),
    )
  })

  it('of packets with more attachments than anybody has, or another revision, goes on', async () => {
    const flood = Array.from({ length: 15 }, async () => {
      const raw = await join()
      raw.send('451000000-/widget,1["message:send",{"_placeholder":true,"num":0}]')
      raw.send('42/widget,2["typing:set",{"typing":true}]')
      await raw.closed
      const refused = openRawWebSocket(server.port, '/socket.io/?EIO=3&transport=websocket')
      await refused.then((old) => old.closed).catch(() => undefined)
    })
    await meanwhile(Promise.all(flood))
  })

  it(`of ${HANDSHAKES} handshakes that go no further closes all in time, and keeps little of them`, async () => {
    const before = await server.memory()
    const closing: Promise<unknown>[] = []
    for (let batch = 0; batch < HANDSHAKES / 500; batch++) {
      const sockets = many(250, () => openRawWebSocket(server.port))
      const silent = many(125, () => connect(''))
      const half = many(125, () => connect('GET /socket.io/ HTTP/1.1\r\nhost: a\r\nx-slow: '))
      closing.push(...(await sockets).map((raw) => raw.closed))
      closing.push(...[...(await silent), ...(await half)].map(closed))
    }
    const held = (await server.memory()) - before
    await meanwhile(inTime(Promise.all(closing)))
    assert.ok(held < 200 * MEGABYTE, `${HANDSHAKES} idle connections held ${Math.round(held / MEGABYTE)} MB`)
    const left = (await server.memory()) - before
    assert.ok(left < 100 * MEGABYTE, `${Math.round(left / MEGABYTE)} MB were left`)
  })

  const many = <T>(count: number, open: () => Promise<T>) => Promise.all(Array.from({ length: count }, open))

  it('of tabs that stop reading a long answer closes each midway, without a hole in what it has got', async () => {
    const asking = open()
    const ready = await asking.ready()
    const auth = returning(ready)
    const stalled = await Promise.all(Array.from({ length: 10 }, () => join(auth)))
    for (const raw of stalled) raw.socket.pause()
    await asking.send('m1', '1500 x 8000 every 0')
    asking.close()
    const answer = await meanwhile(finalAnswer(auth))
    for (const raw of stalled) {
      raw.socket.resume()
      await inTime(raw.closed)
      const read = textOf(raw.texts())
      assert.ok(read.length < answer.length && answer.startsWith(read))
    }
  })

  /** The answer once it is whole, as somebody reads it who is cut off whenever he is too slow. */
  async function finalAnswer(auth: Record<string, unknown>): Promise<string> {
    for (;;) {
      const tab = open(auth)
      const { messages } = await tab.ready()
      const last = messages.at(-1)
      if (last?.role === 'assistant') return last.content
      await Promise.race(
        [tab.next('reply:end'), tab.closed.take()].map((waited) => waited.catch(() => undefined)),
      )
      tab.close()
    }
  }

  async function connect(bytes: string): Promise<net.Socket> {
    const socket = net.connect(server.port, '127.0.0.1')
    socket.on('error', () => undefined)
    await once(socket, 'connect')
    socket.write(bytes)
    return socket.resume()
  }

  const closed = (socket: net.Socket) => new Promise((resolve) => socket.once('close', resolve))
})

/** The text of the deltas, which must follow one another without a hole. */
function textOf(frames: string[]): string {
  let text = ''
  for (const frame of frames) {
    if (!frame.startsWith('42/widget,["reply:delta"')) continue
    const [, , , offset, piece] = JSON.parse(frame.slice('42/widget,'.length)) as [
      string,
      number,
      number,
      number,
      string,
    ]
    assert.equal(offset, text.length)
    text += piece
  }
  return text
}

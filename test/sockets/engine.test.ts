import assert from 'node:assert/strict'
import { once, type EventEmitter } from 'node:events'
import net from 'node:net'
import { afterEach, beforeEach, describe, it } from 'mocha'
import { pino } from 'pino'
import type { Socket } from 'socket.io'
import { io as connect } from 'socket.io-client'
import { createEngine } from '../../sockets/engine/engine.ts'
import { WIRE_LIMITS } from '../../protocol/limits.ts'
import { engineKind, saying, startEngine, type Running } from './engine-under-test.ts'
import { frame, openRawWebSocket } from './raw-websocket.ts'

const silent = pino({ level: 'silent' })

describe(`the ${engineKind} engine`, () => {
  let running: Running
  beforeEach(async () => (running = await startEngine()))
  afterEach(() => running.close())

  it('carries Socket.IO over WebSockets', async () => {
    running.io
      .of('/widget')
      .on('connection', (socket) => socket.on('ask', (n: number, ack: (m: number) => void) => ack(n + 1)))
    const client = connect(`${running.origin}/widget`, { transports: ['websocket'] })
    assert.equal(await client.timeout(10_000).emitWithAck('ask', 1), 2)
    client.disconnect()
  })

  it('does not speak polling', async () => {
    const response = await fetch(`${running.origin}/socket.io/?EIO=4&transport=polling`)
    assert.equal(response.status, 404, 'the path is an ordinary one of the HTTP application')
  })

  it('refuses to upgrade any other path', async () => {
    await assert.rejects(
      openRawWebSocket(running.port, '/other/?EIO=4&transport=websocket'),
      /refused: HTTP\/1.1 404/,
    )
  })

  it('fails with EADDRINUSE when the port is taken', async () => {
    const second = createEngine({ kind: engineKind, log: silent })
    await assert.rejects(second.listen('127.0.0.1', running.port), { code: 'EADDRINUSE' })
    await second.close()
  })

  it('says why an address cannot be listened on', async () => {
    const second = createEngine({ kind: engineKind, log: silent })
    await assert.rejects(second.listen('192.0.2.1', 0), { code: 'EADDRNOTAVAIL' })
    await second.close()
  })

  it('goes on serving open connections when it stops listening', async () => {
    running.io.on('connection', (socket) =>
      socket.on('ask', (ack: (text: string) => void) => ack('still here')),
    )
    const client = connect(running.origin, { transports: ['websocket'] })
    await saying(client, 'connect')
    running.engine.stopListening()
    const late = net.connect(running.port, '127.0.0.1')
    assert.equal((await saying<NodeJS.ErrnoException>(late, 'error')).code, 'ECONNREFUSED')
    assert.equal(await client.timeout(10_000).emitWithAck('ask'), 'still here')
    client.disconnect()
  })

  it('releases its port and its connections when it is closed, so that a restart gets the port', async () => {
    const { port } = running
    await running.close()
    for (const start of ['first', 'again']) {
      const restarted = await startEngine({ port })
      const raw = await openRawWebSocket(port)
      await restarted.engine.close()
      await raw.closed
      assert.equal(restarted.port, port, start)
    }
  })

  it('may be closed twice', async () => {
    await running.engine.close()
    await running.engine.close()
  })

  it('keeps two servers of one process apart', async () => {
    const other = await startEngine()
    const clients = [running, other].map(({ origin }) => connect(origin, { transports: ['websocket'] }))
    await Promise.all(clients.map((client) => saying(client, 'connect')))
    const heard: string[] = []
    clients.forEach((client, index) => client.on('told', (text: string) => heard.push(`${index} ${text}`)))
    for (const server of [running, other]) server.io.socketsJoin('room')
    running.io.to('room').emit('told', 'by the first')
    other.io.to('room').emit('told', 'by the second')
    await Promise.all(clients.map((client) => saying(client, 'told')))
    assert.deepEqual(heard.sort(), ['0 by the first', '1 by the second'])
    for (const client of clients) client.disconnect()
    await other.close()
  })

  it('closes a reader that stalls, and what it has got has no hole', async () => {
    const joined = saying<Socket>(running.io, 'connection')
    const raw = await openRawWebSocket(running.port)
    raw.send('40')
    const socket = await joined
    await raw.text((text) => text.startsWith('40'))
    raw.socket.pause()
    const gone = once(socket, 'disconnect')
    const padding = 'x'.repeat(1_000)
    let sent = 0
    const feed = setInterval(() => {
      for (let i = 0; i < 200; i++) socket.emit('n', ++sent, padding)
    }, 1)
    await gone.finally(() => clearInterval(feed))
    raw.socket.resume()
    await raw.closed
    const numbers = raw
      .texts()
      .filter((text) => text.startsWith('42'))
      .map((text) => (JSON.parse(text.slice(2)) as [string, number])[1])
    assert.ok(numbers.length > 100 && numbers.length < sent, `got ${numbers.length} of ${sent}`)
    assert.deepEqual(
      numbers,
      numbers.map((_, index) => index + 1),
    )
  })

  it('closes a connection that never joins a namespace', async () => {
    running.io.connectTimeout(50)
    const connection = saying<EventEmitter>(running.io.engine, 'connection')
    const raw = await openRawWebSocket(running.port)
    await saying(await connection, 'close')
    raw.socket.destroy()
  })
})

describe(`the ${engineKind} engine, fed with garbage`, () => {
  let running: Running
  before(async () => {
    running = await startEngine()
    running.io.on('connection', (socket) => socket.on('error', () => undefined))
  })
  after(() => running.close())

  const frames: Record<string, Buffer> = {
    'more attachments than anybody has': frame(
      Buffer.from('451000000-["a",{"_placeholder":true,"num":0}]'),
      1,
    ),
    'an attachment that never comes': frame(Buffer.from('451-["a",{"_placeholder":true,"num":0}]42["b"]'), 1),
    'a placeholder of no attachment': frame(Buffer.from('450-["a",{"_placeholder":true,"num":7}]'), 1),
    'broken JSON': frame(Buffer.from('42["a",'), 1),
    'an unknown packet': frame(Buffer.from('9???'), 1),
    'an empty text': frame(Buffer.alloc(0), 1),
    'binary out of the blue': frame(Buffer.from([0xff, 0, 1, 2]), 2),
    'invalid UTF-8': frame(Buffer.from([0x34, 0x32, 0xff, 0xfe]), 1),
    'a reserved event': frame(Buffer.from('42["disconnect","x"]'), 1),
    'an event without a name': frame(Buffer.from('42[]'), 1),
    'an event that is an object': frame(Buffer.from('42{"a":1}'), 1),
    'an ack nobody waits for': frame(Buffer.from('43999["x"]'), 1),
    'a huge ack id': frame(Buffer.from('4299999999999999999999["a"]'), 1),
    'a ping, which only servers send': frame(Buffer.from('2'), 1),
    'an upgrade': frame(Buffer.from('5'), 1),
    'a namespace that is none': frame(Buffer.from('40/__proto__,{"__proto__":{"x":1}}'), 1),
    'a connection without an end': frame(Buffer.from('40/admin'), 1),
    'an oversized message': frame(Buffer.alloc(WIRE_LIMITS.payload + 1, 'x'), 1),
    'an unmasked frame': Buffer.from([0x81, 0x01, 0x32]),
    'a reserved opcode': Buffer.from([0x87, 0x80, 0, 0, 0, 0]),
    'half a frame and no more': Buffer.from([0x81, 0xfe]),
  }

  for (const [what, bytes] of Object.entries(frames)) {
    it(`survives ${what}`, async () => {
      for (const joined of [true, false]) {
        const raw = await openRawWebSocket(running.port)
        if (joined) {
          raw.send('40')
          await raw.text((text) => text.startsWith('40'))
        }
        raw.write(bytes)
        raw.socket.end()
        await raw.closed
      }
      await serveAnother()
    })
  }

  it('closes the connection of an oversized message', async () => {
    const raw = await openRawWebSocket(running.port)
    raw.write(frames['an oversized message']!)
    await raw.closed
  })

  it('refuses another revision, transport or session', async () => {
    const queries = [
      'EIO=3&transport=websocket',
      'EIO=4&transport=polling',
      'EIO=4&transport=webtransport',
      'EIO=4&transport=__proto__',
      'EIO=4&transport=websocket&sid=__proto__',
      'EIO=4&transport=websocket&sid=nobody',
      '',
    ]
    for (const query of queries) {
      await assert.rejects(
        async () => {
          const raw = await openRawWebSocket(running.port, `/socket.io/?${query}`)
          await Promise.race([raw.closed, raw.text(() => true)])
          throw new Error(raw.texts().length === 0 ? 'refused' : 'accepted')
        },
        /refused/,
        query,
      )
    }
    await serveAnother()
  })

  it('survives a second connection that claims the session of a first, of whichever revision', async () => {
    for (const revision of [3, 4]) {
      const first = await openRawWebSocket(running.port)
      const opened = await first.text((text) => text.startsWith('0'))
      const { sid } = JSON.parse(opened.slice(1)) as { sid: string }
      const path = `/socket.io/?EIO=${revision}&transport=websocket&sid=${sid}`
      const second = await openRawWebSocket(running.port, path).catch(() => null)
      second?.send('2probe')
      second?.send('5')
      first.socket.destroy()
      second?.socket.destroy()
      await Promise.all([first.closed, second?.closed])
    }
    await serveAnother()
  })

  it('survives clients that leave in the middle of a handshake', async () => {
    for (let i = 0; i < 50; i++) {
      const socket = net.connect(running.port, '127.0.0.1')
      socket.on('error', () => undefined)
      await once(socket, 'connect')
      socket.write('GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nhost: x\r\nconnection: Upgrade\r\n')
      socket.write(
        'upgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
      )
      socket.resetAndDestroy()
    }
    await serveAnother()
  })

  async function serveAnother(): Promise<void> {
    const client = connect(running.origin, { transports: ['websocket'], forceNew: true, reconnection: false })
    await saying(client, 'connect')
    client.disconnect()
  }
})

describe('choosing an engine', () => {
  const load = () => ({ ok: false, reason: 'no binary for this libc' }) as const

  it('falls back to node:http and ws, and tells why', () => {
    const engine = createEngine({ kind: 'auto', log: silent, load })
    assert.equal(engine.kind, 'node')
    assert.equal(engine.fallbackReason, 'no binary for this libc')
  })

  it('fails where uWebSockets.js is demanded and cannot be loaded', () => {
    assert.throws(() => createEngine({ kind: 'uws', log: silent, load }), /no binary for this libc/)
  })
})

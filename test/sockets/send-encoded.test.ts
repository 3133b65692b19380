import assert from 'node:assert/strict'
import type { Socket } from 'socket.io'
import { headOf, sendEncoded } from '../../sockets/engine/send-encoded.ts'
import { saying, startEngine, type Running } from './engine-under-test.ts'
import { openRawWebSocket, type RawWebSocket } from './raw-websocket.ts'

const TEXTS = ['Hello', '"quoted" \\ and\nlines', 'שלום 👋🏽', '\u2028\u0001</script>', '4', '']

for (const name of ['/', '/widget'])
  describe(`A packet for ${name} that is encoded already`, () => {
    let running: Running
    let raw: RawWebSocket
    let socket: Socket

    beforeEach(async () => {
      running = await startEngine()
      const joined = saying<Socket>(running.io.of(name), 'connection')
      raw = await openRawWebSocket(running.port)
      raw.send(name === '/' ? '40' : `40${name},`)
      socket = await joined
    })
    afterEach(() => running.close())

    const encoded = (offset: number, text: string) =>
      `${headOf(socket, 'reply:delta')}1,1,${offset},${JSON.stringify(text)}]`

    it('is what Socket.IO would send, and keeps its place among what Socket.IO sends', async () => {
      for (const [offset, text] of TEXTS.entries()) {
        socket.emit('reply:delta', 1, 1, offset, text)
        sendEncoded(socket, encoded(offset, text))
      }
      socket.emit('over')
      await raw.text((frame) => frame.includes('over'))
      const frames = raw.texts().filter((frame) => frame.includes('reply:delta'))
      assert.equal(frames.length, 2 * TEXTS.length)
      for (const [index] of TEXTS.entries()) assert.equal(frames[2 * index], frames[2 * index + 1])
      assert.deepEqual(
        frames.map((frame) => (JSON.parse(frame.slice(frame.indexOf('['))) as unknown[])[4]),
        TEXTS.flatMap((text) => [text, text]),
      )
    })

    it('goes nowhere once the connection is closed, and harms nobody', async () => {
      const left = new Promise((resolve) => socket.once('disconnect', resolve))
      raw.socket.destroy()
      await left
      sendEncoded(socket, encoded(0, 'Hello'))
    })
  })

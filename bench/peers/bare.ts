/**
 * Socket.IO's bare minimum, on ws or on uWebSockets.js (`--engine`): the provider's bytes by undici.dispatch, one emit
 * to the socket that asked for each token, the request of the handshake let go, nothing kept. Wants ANTHROPIC_BASE_URL.
 */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { parseArgs } from 'node:util'
import { Server } from 'socket.io'
import { loadUws } from './load-uws.ts'
import { openProvider } from './stream-answer.ts'

const { values } = parseArgs({ options: { engine: { type: 'string', default: 'ws' } } })
const ask = openProvider()
const io = new Server({ transports: ['websocket'], serveClient: false })

io.on('connection', (socket) => {
  socket.on('message', ({ text }: { text: string }, acknowledge: () => void) => {
    acknowledge()
    ask(text, {
      piece: (piece) => socket.emit('token', { text: piece }),
      end: () => socket.emit('done', {}),
      failed: () => socket.disconnect(true),
    })
  })
})

if (values.engine === 'uws') listenOnUws()
else listenOnWs()
io.engine.on('connection', (connection: { request: unknown }) => (connection.request = null))

function listenOnUws(): void {
  const uws = loadUws()
  const app = uws.App()
  io.attachApp(app)
  app.listen('127.0.0.1', 0, (socket) => {
    if (socket) say(uws.us_socket_local_port(socket))
  })
}

function listenOnWs(): void {
  const http = createServer()
  io.attach(http)
  http.listen(0, '127.0.0.1', () => say((http.address() as AddressInfo).port))
}

function say(port: number): void {
  process.stdout.write(`Listening on http://127.0.0.1:${port}\n`)
}

process.once('SIGTERM', () => process.exit(0))

/**
 * The limit: the least that can be done with a token and still be a chat. The provider's bytes by undici.dispatch, the
 * JSON of each event parsed, its text sent as one raw uWebSockets.js frame. No sessions, no limits, nothing kept.
 * Wants ANTHROPIC_BASE_URL.
 */
import { loadUws } from './load-uws.ts'
import { openProvider } from './stream-answer.ts'

const uws = loadUws()
const ask = openProvider()

const app = uws.App().ws('/', {
  open: (visitor) => {
    visitor.send('')
  },
  message: (visitor, question) => {
    ask(Buffer.from(question).toString(), {
      piece: (text) => visitor.send(text),
      end: () => visitor.send(''),
      failed: () => visitor.close(),
    })
  },
})
app.listen('127.0.0.1', 0, (socket) => {
  if (socket) process.stdout.write(`Listening on http://127.0.0.1:${uws.us_socket_local_port(socket)}\n`)
})

process.once('SIGTERM', () => process.exit(0))

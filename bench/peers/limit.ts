/**
 * The limit: the least that can be done with a token and still be a chat. The provider's bytes by undici.dispatch, the
 * JSON of each event parsed, its text sent as one raw uWebSockets.js frame. No sessions, no limits, nothing kept.
 * Wants ANTHROPIC_BASE_URL.
 */
import { createRequire } from 'node:module'
import { Agent } from 'undici'
import type * as Uws from 'uWebSockets.js'

const uws = createRequire(import.meta.url)('uWebSockets.js') as typeof Uws
const provider = new Agent()
const origin = process.env['ANTHROPIC_BASE_URL'] ?? ''

type Visitor = Uws.WebSocket<unknown>

const app = uws.App().ws('/', {
  open: (visitor) => {
    visitor.send('')
  },
  message: (visitor, question) => {
    answer(visitor, Buffer.from(question).toString())
  },
})
app.listen('127.0.0.1', 0, (socket) => {
  if (socket) process.stdout.write(`Listening on http://127.0.0.1:${uws.us_socket_local_port(socket)}\n`)
})

function answer(visitor: Visitor, question: string): void {
  const body = JSON.stringify({
    model: 'claude-haiku-5-5',
    max_tokens: 8_192,
    stream: true,
    messages: [{ role: 'user', content: question }],
  })
  let rest = ''
  provider.dispatch(
    { origin, path: '/v1/messages', method: 'POST', headers: { 'content-type': 'application/json' }, body },
    {
      onRequestStart() {
        rest = ''
      },
      onResponseData(_, chunk) {
        rest = readEvents(rest + chunk.toString(), visitor)
      },
      onResponseError() {
        visitor.close()
      },
    },
  )
}

interface WireEvent {
  type: string
  delta?: { text?: string }
}

/** Sends what the whole events in `text` say, and gives back what follows them. */
function readEvents(text: string, visitor: Visitor): string {
  let from = 0
  for (;;) {
    const end = text.indexOf('\n\n', from)
    if (end === -1) return text.slice(from)
    const event = JSON.parse(text.slice(text.indexOf('data: ', from) + 6, end)) as WireEvent
    if (event.type === 'content_block_delta') visitor.send(event.delta?.text ?? '')
    else if (event.type === 'message_stop') visitor.send('')
    from = end + 2
  }
}

process.once('SIGTERM', () => process.exit(0))

import { Agent } from 'undici'

const EVENT_END = '\n\n'

/** What an asker does with an answer. */
export interface Listener {
  piece(text: string): void
  end(): void
  failed(): void
}

/** Asks the provider at `ANTHROPIC_BASE_URL`: its bytes by undici.dispatch, the JSON of each event parsed, nothing else. */
export function openProvider(): (question: string, listener: Listener) => void {
  const provider = new Agent()
  const origin = process.env['ANTHROPIC_BASE_URL'] ?? ''
  return (question, listener) => {
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
          rest = readEvents(rest + chunk.toString(), listener)
        },
        onResponseError() {
          listener.failed()
        },
      },
    )
  }
}

interface WireEvent {
  type: string
  delta?: { text?: string }
}

/** Tells what the whole events in `text` say, and gives back what follows them. */
function readEvents(text: string, listener: Listener): string {
  let from = 0
  for (;;) {
    const end = text.indexOf(EVENT_END, from)
    if (end === -1) return text.slice(from)
    const event = JSON.parse(text.slice(text.indexOf('data: ', from) + 6, end)) as WireEvent
    if (event.type === 'content_block_delta') listener.piece(event.delta?.text ?? '')
    else if (event.type === 'message_stop') listener.end()
    from = end + EVENT_END.length
  }
}

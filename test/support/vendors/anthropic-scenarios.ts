import { setTimeout as after } from 'node:timers/promises'
import type { Scenario } from './anthropic.ts'
import type { AnthropicReply, Counts } from './anthropic-reply.ts'

/** Text in these pieces. */
export function plainText(pieces: readonly string[], stopReason = 'end_turn', counts: Counts = {}): Scenario {
  return async (reply) => {
    await reply.begin(counts)
    await reply.text(pieces)
    await reply.end(stopReason)
  }
}

/** Text in one event whose bytes come one by one: every character of several bytes is cut. */
export function textByteByByte(text: string, lineEnd = '\n'): Scenario {
  return async (reply) => {
    await reply.begin()
    await reply.blockStart({ type: 'text', text: '' })
    const data = JSON.stringify({
      type: 'content_block_delta',
      index: 0,
      delta: { type: 'text_delta', text },
    })
    const event = `: a comment${lineEnd}event: content_block_delta${lineEnd}data: ${data}${lineEnd}${lineEnd}`
    for (const byte of Buffer.from(event)) await reply.bytes(Uint8Array.of(byte))
    await reply.blockStop()
    await reply.end('end_turn')
  }
}

/** Text that comes slowly: a piece every so many milliseconds, with pings between. */
export function drip(pieces: readonly string[], everyMs: number): Scenario {
  return async (reply) => {
    await reply.begin()
    await reply.blockStart({ type: 'text', text: '' })
    await reply.event({ type: 'ping' })
    for (const text of pieces) {
      await after(everyMs)
      if (reply.gone) return
      await reply.delta({ type: 'text_delta', text })
    }
    await reply.blockStop()
    await reply.end('end_turn')
  }
}

export interface Call {
  id: string
  name: string
  /** The arguments as they come: pieces of JSON. */
  json: readonly string[]
}

/** Calls, after some text if there is any. */
export function toolCalls(calls: readonly Call[], text: readonly string[] = []): Scenario {
  return async (reply) => {
    await reply.begin()
    if (text.length > 0) await reply.text(text)
    for (const { id, name, json } of calls) await reply.call(id, name, json)
    await reply.end('tool_use')
  }
}

/** Thinking of which nothing but its signature is told, as it comes by default, then thinking in words, then a call. */
export function thinkingThenCall(call: Call): Scenario {
  return async (reply) => {
    await reply.begin()
    await reply.block({ type: 'thinking', thinking: '', signature: '' }, [
      { type: 'signature_delta', signature: 'c2lnbmVk' },
    ])
    await reply.block({ type: 'thinking', thinking: '', signature: '' }, [
      { type: 'thinking_delta', thinking: 'They ask about ' },
      { type: 'thinking_delta', thinking: 'shipping.' },
      { type: 'signature_delta', signature: 'YW5vdGhlcg==' },
    ])
    await reply.block({ type: 'redacted_thinking', data: 'aGlkZGVu' })
    await reply.text(['Let me look.'])
    await reply.call(call.id, call.name, call.json)
    await reply.end('tool_use')
  }
}

/** An answer that uses a tool of the vendor's own and pauses. */
export function pause(text: readonly string[]): Scenario {
  return async (reply) => {
    await reply.begin()
    await reply.text(text)
    await reply.block({ type: 'server_tool_use', id: 'srvtoolu_1', name: 'web_search', input: {} }, [
      { type: 'input_json_delta', partial_json: '{"query":"boots"}' },
    ])
    await reply.end('pause_turn')
  }
}

/** The vendor declines; what it had said until then stays. */
export function refusal(text: readonly string[] = []): Scenario {
  return async (reply) => {
    await reply.begin()
    if (text.length > 0) await reply.text(text)
    await reply.end('refusal', { output_tokens: 1 })
  }
}

/** Kinds of events, blocks and deltas that nobody knows yet, around a text. */
export function unknownKinds(text: string): Scenario {
  return async (reply) => {
    await reply.begin()
    await reply.event({ type: 'weather_report', index: 0, mood: 'sunny' })
    await reply.block({ type: 'hologram', shape: 'cube' }, [{ type: 'shape_delta', text: 'never shown' }])
    await reply.blockStart({ type: 'text', text: '' })
    await reply.delta({ type: 'colour_delta', text: 'never shown' })
    await reply.delta({ type: 'text_delta', text })
    await reply.blockStop()
    await reply.end('some_new_reason')
  }
}

/** Nothing at all, in good order. */
export const emptyAnswer: Scenario = async (reply) => {
  await reply.begin()
  await reply.end('end_turn')
}

/** So many pieces of this text, as fast as they are taken, until the client has enough. */
export function hugeOutput(piece: string, pieces: number): Scenario {
  return async (reply) => {
    await reply.begin()
    await reply.blockStart({ type: 'text', text: '' })
    for (let sent = 0; sent < pieces && !reply.gone; sent++)
      await reply.delta({ type: 'text_delta', text: piece })
    await reply.blockStop()
    await reply.end('end_turn')
  }
}

/** A failure before anything was said. */
export function failure(
  status: number,
  type: string,
  message: string,
  headers: Record<string, string> = {},
): Scenario {
  return (reply) => {
    reply.json(status, { type: 'error', error: { type, message }, request_id: reply.id }, headers)
  }
}

/** An `error` event, after some text if there is any. */
export function errorEvent(type: string, text: readonly string[] = []): Scenario {
  return saying(text, async (reply) => {
    await reply.event({ type: 'error', error: { type, message: 'Something happened' } })
    reply.finish()
  })
}

/** A connection that is cut, after some text if there is any. */
export function disconnect(text: readonly string[] = []): Scenario {
  return saying(text, (reply) => {
    reply.cut()
  })
}

/** A stream that ends in good order, but before the answer does. */
export function endTooEarly(text: readonly string[]): Scenario {
  return saying(text, (reply) => {
    reply.finish()
  })
}

/** Silence after some text; `pings` are signs of life without a word. The client must end it. */
export function stall(text: readonly string[], pings?: { everyMs: number }): Scenario {
  return saying(text, async (reply) => {
    while (pings && !reply.gone) {
      await after(pings.everyMs)
      await reply.event({ type: 'ping' })
    }
  })
}

/** Not even a head. The client must end it. */
export const deadSilence: Scenario = () => undefined

function saying(text: readonly string[], then: (reply: AnthropicReply) => void | Promise<void>): Scenario {
  return async (reply) => {
    await reply.begin()
    if (text.length > 0) {
      await reply.blockStart({ type: 'text', text: '' })
      for (const piece of text) await reply.delta({ type: 'text_delta', text: piece })
    }
    await then(reply)
  }
}

import type { AnthropicReply } from './anthropic-reply.ts'
import type { VendorCall } from './reply.ts'
import type { Scenario } from './scenarios.ts'

type ClaudeScenario = Scenario<AnthropicReply>

/** Text that ends for a reason of the vendor's. */
export function wordsUntil(stopReason: string, pieces: readonly string[]): ClaudeScenario {
  return saying(pieces, (reply) => reply.endWith(stopReason))
}

/** An `error` event of this type, after some text if there is any. */
export function errorEvent(type: string, pieces: readonly string[] = []): ClaudeScenario {
  return saying(pieces, (reply) => reply.breakWith(type))
}

/** Thinking of which nothing but its signature is told, as it comes by default, then thinking in words, then a call. */
export function thinkingThenCall(call: VendorCall): ClaudeScenario {
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
    await reply.say('Let me look.')
    await reply.call(call)
    await reply.end('tools')
  }
}

/** An answer that uses a tool of the vendor's own and pauses. */
export function pause(pieces: readonly string[]): ClaudeScenario {
  return saying(pieces, async (reply) => {
    await reply.block({ type: 'server_tool_use', id: 'srvtoolu_1', name: 'web_search', input: {} }, [
      { type: 'input_json_delta', partial_json: '{"query":"boots"}' },
    ])
    await reply.endWith('pause_turn')
  })
}

function saying(pieces: readonly string[], then: (reply: AnthropicReply) => Promise<void>): ClaudeScenario {
  return async (reply) => {
    await reply.begin()
    for (const piece of pieces) await reply.say(piece)
    await then(reply)
  }
}

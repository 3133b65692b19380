/**
 * An answer as Anthropic streams it, event by event, with everything the vendor's SDK wants.
 * https://platform.claude.com/docs/en/build-with-claude/streaming
 */
export const BEFORE_TEXT =
  wire({
    type: 'message_start',
    message: {
      id: 'msg_bench',
      type: 'message',
      role: 'assistant',
      model: 'claude-haiku-5-5',
      content: [],
      stop_reason: null,
      stop_sequence: null,
      usage: {
        input_tokens: 200,
        cache_creation_input_tokens: 0,
        cache_read_input_tokens: 0,
        output_tokens: 1,
      },
    },
  }) +
  wire({ type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } }) +
  wire({ type: 'ping' })

export function afterText(tokens: number): string {
  return (
    wire({ type: 'content_block_stop', index: 0 }) +
    wire({
      type: 'message_delta',
      delta: { stop_reason: 'end_turn', stop_sequence: null },
      usage: { output_tokens: tokens },
    }) +
    wire({ type: 'message_stop' })
  )
}

const [BEFORE = '', BEHIND = ''] = wire({
  type: 'content_block_delta',
  index: 0,
  delta: { type: 'text_delta', text: '|' },
}).split('|')

/** `text` needs no escaping in JSON. */
export function textDelta(text: string): string {
  return BEFORE + text + BEHIND
}

function wire(event: { type: string; [field: string]: unknown }): string {
  return `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`
}

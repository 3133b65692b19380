/** One event of a stream, as it came. */
export interface ReadEvent {
  event: string
  id: string | undefined
  data: unknown
}

/** Characters of one event at most. */
const LONGEST = 8 * 1024 * 1024

/**
 * The events of a body of `text/event-stream`, each when it is whole. `alive` is called at every sign of life. Throws
 * when the body breaks off. https://html.spec.whatwg.org/multipage/server-sent-events.html
 */
export async function* readEvents(
  body: ReadableStream<Uint8Array>,
  alive: () => void,
): AsyncGenerator<ReadEvent, void> {
  const reader = body.getReader()
  const decoder = new TextDecoder()
  let text = ''
  try {
    for (let read = await reader.read(); !read.done; read = await reader.read()) {
      alive()
      const blocks = (text + decoder.decode(read.value, { stream: true })).split('\n\n')
      text = blocks.pop() ?? ''
      if (text.length > LONGEST) throw new Error('An event of the stream is too long.')
      for (const block of blocks) {
        const event = readEvent(block)
        if (event !== null) yield event
      }
    }
  } finally {
    await reader.cancel().catch(() => undefined)
  }
}

/** Null where there is nothing but comments. */
function readEvent(block: string): ReadEvent | null {
  const fields = new Map(block.split('\n').map(readField))
  const data = fields.get('data')
  if (data === undefined) return null
  return { event: fields.get('event') ?? 'message', id: fields.get('id'), data: JSON.parse(data) as unknown }
}

function readField(line: string): [name: string, value: string] {
  const colon = line.indexOf(':')
  if (colon === -1) return [line, '']
  return [line.slice(0, colon), line.slice(colon + 1).replace(/^ /, '')]
}

import { setTimeout as pause } from 'node:timers/promises'
import type { Provider } from '../../server/llm/provider.ts'

/** Says as many pieces as it is asked for, of such a size, so many milliseconds apart: "10 x 1000 every 20". */
export const pacedProvider: Provider = {
  name: 'paced',
  defaultModel: 'paced-1',
  smallModel: null,
  async ask(request, onText, signal) {
    const asked = request.messages.findLast((message) => message.role === 'user')
    const [count = 1, size = 1, every = 0] = (/(\d+) x (\d+) every (\d+)/.exec(asked?.text ?? '') ?? [])
      .slice(1)
      .map(Number)
    let text = ''
    for (const piece of piecesOf(count, size)) {
      await pause(every, undefined, { signal })
      text += piece
      onText(piece)
    }
    return { text, calls: [], stop: 'end', usage: { input: 1, output: count, cached: 0 } }
  },
}

/** What it says, asked for so many pieces of such a size. */
export function piecesOf(count: number, size: number): string[] {
  return Array.from({ length: count }, (_, i) => `${i} `.padEnd(size, '.'))
}

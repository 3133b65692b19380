import { setTimeout as pause } from 'node:timers/promises'
import type { Provider } from '../../server/llm/provider.ts'
import { startApp } from '../support/app.ts'

/** What the parent may ask, and is told; each answer carries the number of its question. */
export type Question = { id: number; ask: 'memory' | 'complaints' | 'close' }
export type Told = { id: number; answer: unknown }

/** Says as many pieces as it is asked for, of such a size, so many milliseconds apart: "10 x 1000 every 20". */
const obedient: Provider = {
  name: 'obedient',
  defaultModel: 'obedient-1',
  smallModel: null,
  async ask(request, onText, signal) {
    const asked = request.messages.findLast((message) => message.role === 'user')
    const [count = 1, size = 1, every = 0] = (/(\d+) x (\d+) every (\d+)/.exec(asked?.text ?? '') ?? [])
      .slice(1)
      .map(Number)
    let text = ''
    for (let i = 0; i < count; i++) {
      await pause(every, undefined, { signal })
      const piece = `${i} `.padEnd(size, '.')
      text += piece
      onText(piece)
    }
    return { text, calls: [], stop: 'end', usage: { input: 1, output: count, cached: 0 } }
  },
}

const complaints: string[] = []
for (const event of ['unhandledRejection', 'uncaughtExceptionMonitor', 'warning'] as const)
  process.on(event, (reason: unknown) => complaints.push(`${event}: ${String(reason)}`))

const app = await startApp({
  provider: obedient,
  env: { RATE_LIMITS: process.env['FLOODED_LIMITS'] ?? 'on', TRUSTED_PROXIES: '127.0.0.1' },
})
process.on('message', (question: Question) => {
  void answer(question.ask).then((said) => process.send?.({ id: question.id, answer: said } satisfies Told))
})
process.on('disconnect', () => process.exit(0))
process.send?.({ id: 0, answer: app.url } satisfies Told)

async function answer(ask: Question['ask']): Promise<unknown> {
  if (ask === 'complaints') return complaints
  if (ask === 'close') return app.close()
  globalThis.gc?.()
  return process.memoryUsage.rss()
}

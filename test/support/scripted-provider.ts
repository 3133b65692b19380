import type { ModelAnswer, ModelRequest, Provider } from '../../server/llm/provider.ts'
import { Inbox } from './inbox.ts'

/** One call of the model, answered by the test as it likes. */
export interface ScriptedCall {
  request: ModelRequest
  signal: AbortSignal
  say(text: string): void
  /** Ends the call; whatever is not given is that of a plain answer. */
  end(answer?: Partial<ModelAnswer>): void
  fail(error: Error): void
}

/** A model that says what the test says, when the test says it. */
export class ScriptedProvider implements Provider {
  readonly name: string
  readonly defaultModel = 'script-1'
  readonly smallModel: string | null = null
  readonly calls = new Inbox<ScriptedCall>('call of the model')

  constructor(name = 'scripted') {
    this.name = name
  }

  ask(request: ModelRequest, onText: (text: string) => void, signal: AbortSignal): Promise<ModelAnswer> {
    return new Promise((resolve, reject) => {
      let said = ''
      signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true })
      this.calls.put({
        request,
        signal,
        say: (text) => {
          if (signal.aborted) return
          said += text
          onText(text)
        },
        end: (answer = {}) => resolve({ ...plainAnswer(said), ...answer }),
        fail: reject,
      })
    })
  }
}

function plainAnswer(text: string): ModelAnswer {
  return { text, calls: [], stop: 'end', usage: { input: 7, output: text.length, cached: 0 } }
}

import { createOffline } from '../../server/llm/offline.ts'
import type { Installation, Place } from '../../server/llm/installation.ts'
import {
  modelsOf,
  type ModelCall,
  type ModelChoice,
  type Models,
  type Route,
} from '../../server/llm/models.ts'
import type { ModelsParts } from '../../server/llm/models-context.ts'
import type { ModelAnswer, ModelRequest, Passage, Provider } from '../../server/llm/provider.ts'
import { ScriptedProvider } from '../support/scripted-provider.ts'

export const QUESTION: Omit<ModelRequest, 'model'> = {
  client_id: 'client',
  system: { stable: 'You help.', moment: '' },
  messages: [{ role: 'user', text: 'How long does shipping take?' }],
  tools: [],
  mayCall: true,
}

/** An installation of providers that say what the test says, and of the knowledge. */
export class ScriptedModels implements Installation {
  readonly main: ModelChoice
  fallbacks: readonly ModelChoice[] = []
  summaries: ModelChoice | null = null
  /** What the knowledge holds. */
  passages: Passage[] = [{ title: 'Shipping', content: 'Three days.', score: 1 }]
  readonly scripts: ReadonlyMap<string, ScriptedProvider>
  /** Who was asked for from which place, as `name standsIn hasty`. */
  readonly places: string[] = []
  readonly models: Models

  constructor(names: readonly [string, ...string[]], parts: ModelsParts = {}) {
    this.scripts = new Map(names.map((name) => [name, new ScriptedProvider(name)]))
    this.main = { provider: names[0] }
    this.models = modelsOf(this, parts)
  }

  script(name: string): ScriptedProvider {
    return this.scripts.get(name)!
  }

  defaultModel(name: string): string | null {
    return name === 'offline' ? 'passages' : (this.scripts.get(name)?.defaultModel ?? null)
  }

  provider(name: string, { standsIn, hasty }: Place): Provider | null {
    this.places.push([name, ...(standsIn ? ['stands in'] : []), ...(hasty ? ['hasty'] : [])].join(' '))
    if (name !== 'offline') return this.scripts.get(name) ?? null
    const search = () => Promise.resolve(this.passages)
    return createOffline(search, { firstMs: 0, pieceMs: 0 }, standsIn)
  }

  /** Asks these, given as `provider` or `provider:model`, and keeps what is heard. */
  ask(names: readonly string[], request: Partial<typeof QUESTION> = {}): Heard {
    return new Heard(this.models, routeOf(names), { ...QUESTION, ...request })
  }
}

/** One question under way, and what was heard of its answer. */
export class Heard {
  said = ''
  readonly spent: ModelCall[] = []
  readonly stop = new AbortController()
  readonly answer: Promise<ModelAnswer>

  constructor(models: Models, route: Route, request: typeof QUESTION) {
    const hearing = {
      text: (piece: string) => (this.said += piece),
      spent: (call: ModelCall) => this.spent.push(call),
    }
    this.answer = models.ask(route, request, hearing, this.stop.signal)
    this.answer.catch(() => undefined)
  }
}

function routeOf(names: readonly string[]): Route {
  const models = names.map((name) => {
    const [provider = '', model = provider === 'offline' ? 'passages' : 'script-1'] = name.split(':')
    return { provider, model }
  })
  return models as unknown as Route
}

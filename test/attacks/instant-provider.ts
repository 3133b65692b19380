import type { Provider } from '../../server/llm/provider.ts'

/** A model that answers everything at once, so that nothing of an attack is left running. */
export const instantProvider: Provider = {
  name: 'instant',
  defaultModel: 'instant-1',
  smallModel: null,
  ask(_request, onText) {
    onText('Yes.')
    return Promise.resolve({
      text: 'Yes.',
      calls: [],
      stop: 'end',
      usage: { input: 1, output: 1, cached: 0 },
    })
  },
}

import type { Variables } from './variables.ts'

/** Which model answers, and what its vendor needs. */
export interface LlmConfig {
  provider: 'auto' | 'offline' | 'claude'
  /** The model where a client names none; null: the provider's own choice. */
  model: string | null
  anthropic: { apiKey: string | null; baseUrl: string }
}

/** Longer than any vendor's key. */
const LONGEST_KEY = 512

export function readLlm(variables: Variables): LlmConfig {
  const provider = readProvider(variables)
  const model = 'a model id, such as claude-haiku-5-5'
  const llm: LlmConfig = {
    provider,
    model: variables.take('LLM_MODEL', null, model, (id) => (/^[\w.:@/-]{1,200}$/.test(id) ? id : null)),
    anthropic: {
      apiKey: variables.take('ANTHROPIC_API_KEY', null, 'a key of Anthropic', readKey, 'secret'),
      baseUrl: variables.take(
        'ANTHROPIC_BASE_URL',
        'https://api.anthropic.com',
        'an http or https URL without a query, such as https://api.anthropic.com',
        readBaseUrl,
        'secret',
      ),
    },
  }
  if (provider === 'claude')
    variables.needed('ANTHROPIC_API_KEY', 'a key of Anthropic, since LLM_PROVIDER is claude')
  return llm
}

function readProvider(variables: Variables): LlmConfig['provider'] {
  const expected = 'auto, offline or claude (ollama and openai are not built in yet)'
  return variables.take('LLM_PROVIDER', 'auto', expected, (value) =>
    value === 'auto' || value === 'offline' || value === 'claude' ? value : null,
  )
}

/** Printable ASCII without spaces: anything else cannot stand in a header. */
function readKey(value: string): string | null {
  return /^[\x21-\x7e]+$/.test(value) && value.length <= LONGEST_KEY ? value : null
}

/** Where an API is served, without a slash at its end. A user and password in it would end up in logs. */
function readBaseUrl(value: string): string | null {
  if (!URL.canParse(value)) return null
  const { protocol, origin, pathname, search, hash, username, password } = new URL(value)
  const isPlain =
    (protocol === 'http:' || protocol === 'https:') && !search && !hash && !username && !password
  return isPlain ? (origin + pathname).replace(/\/+$/, '') : null
}

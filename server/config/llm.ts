import { resolve } from 'node:path'
import {
  PROVIDER_NAMES,
  readFallbacks,
  readModelId,
  readOneModel,
  type ConfiguredModel,
  type ProviderName,
} from './models.ts'
import { readPrices, type PriceTable } from './prices.ts'
import type { Variables } from './variables.ts'

/** Which models answer, and what their vendors need. */
export interface LlmConfig {
  provider: 'auto' | ProviderName
  /** The model of this provider where a client names none; null: the provider's own choice. */
  model: string | null
  /** Who is asked, one after the other, when the first fails without a word. */
  fallbacks: readonly ConfiguredModel[]
  /** Who sums conversations up; null: the cheapest model of whoever answers. */
  summaryModel: ConfiguredModel | null
  /** Prices of the operator's own, which win over ours. */
  prices: PriceTable
  anthropic: { apiKey: string | null; baseUrl: string }
  /** The key is empty where a server of the operator's own is named without one. */
  openai: { apiKey: string | null; baseUrl: string; api: 'responses' | 'chat' }
  /** `named`: the operator said where it is, so clients may choose it. */
  ollama: { host: string; named: boolean }
}

/** Longer than any vendor's key. */
const LONGEST_KEY = 512

const OPENAI_URL = 'https://api.openai.com/v1'

/** Where no other model is named, a question is answered from the knowledge rather than not at all. */
const KNOWLEDGE_ONLY: readonly ConfiguredModel[] = [{ provider: 'offline', model: null }]

export function readLlm(variables: Variables): LlmConfig {
  const model = 'a model id, such as claude-haiku-5-5'
  const llm: LlmConfig = {
    provider: variables.oneOf('LLM_PROVIDER', 'auto', ['auto', ...PROVIDER_NAMES]),
    model: variables.take('LLM_MODEL', null, model, readModelId),
    fallbacks: readFallbacks(variables, 'LLM_FALLBACKS', KNOWLEDGE_ONLY),
    summaryModel: readOneModel(variables, 'LLM_SUMMARY_MODEL'),
    prices: readPriceFile(variables),
    anthropic: {
      apiKey: readKey(variables, 'ANTHROPIC_API_KEY', 'a key of Anthropic'),
      baseUrl: readBaseUrl(variables, 'ANTHROPIC_BASE_URL', 'https://api.anthropic.com'),
    },
    openai: readOpenAi(variables),
    ollama: readOllama(variables),
  }
  needKeys(variables, llm)
  return llm
}

/** Servers that imitate OpenAI have its older API at most. */
function readOpenAi(variables: Variables): LlmConfig['openai'] {
  const baseUrl = readBaseUrl(variables, 'OPENAI_BASE_URL', OPENAI_URL)
  const apiKey = readKey(variables, 'OPENAI_API_KEY', 'a key of OpenAI')
  return {
    apiKey: apiKey ?? (isOpenAi(baseUrl) ? null : ''),
    baseUrl,
    api: variables.oneOf('OPENAI_API', isOpenAi(baseUrl) ? 'responses' : 'chat', ['responses', 'chat']),
  }
}

/** The vendor itself, in whichever of its regions: a server that imitates it has other models, and may want no key. */
export function isOpenAi(baseUrl: string): boolean {
  return /(^|\.)api\.openai\.com$/.test(new URL(baseUrl).hostname)
}

function readOllama(variables: Variables): LlmConfig['ollama'] {
  const expected = 'a host such as http://127.0.0.1:11434 or gpu-box:11434'
  const host = variables.take('OLLAMA_HOST', null, expected, (value) => {
    const url = value.includes('://') ? value : `http://${value}`
    return plainUrl(url) === null ? null : value
  })
  return { host: host ?? 'http://127.0.0.1:11434', named: host !== null }
}

function readPriceFile(variables: Variables): PriceTable {
  const path = variables.take('LLM_PRICES', null, 'the path of a JSON file', (value) => resolve(value))
  if (path === null) return new Map()
  const { prices, faults } = readPrices(path)
  for (const fault of faults) variables.faults.push({ variable: 'LLM_PRICES', ...fault })
  return prices
}

/** A provider that is named somewhere has what it needs. */
function needKeys(variables: Variables, llm: LlmConfig): void {
  const { provider, fallbacks, summaryModel, openai } = llm
  const reasonFor = (name: ProviderName): string | null => {
    if (provider === name) return `LLM_PROVIDER is ${name}`
    if (fallbacks.some((named) => named.provider === name)) return `LLM_FALLBACKS names ${name}`
    return summaryModel?.provider === name ? `LLM_SUMMARY_MODEL names ${name}` : null
  }
  const claude = reasonFor('claude')
  if (claude !== null) variables.needed('ANTHROPIC_API_KEY', `a key of Anthropic, since ${claude}`)
  const vendor = isOpenAi(openai.baseUrl) ? reasonFor('openai') : null
  if (vendor !== null) variables.needed('OPENAI_API_KEY', `a key of OpenAI, since ${vendor}`)
}

/** Printable ASCII without spaces: anything else cannot stand in a header. */
function readKey(variables: Variables, variable: string, expected: string): string | null {
  const read = (value: string) => (/^[\x21-\x7e]+$/.test(value) && value.length <= LONGEST_KEY ? value : null)
  return variables.take(variable, null, expected, read, 'secret')
}

/** Where an API is served, without a slash at its end. */
function readBaseUrl(variables: Variables, variable: string, fallback: string): string {
  const expected = `an http or https URL without a query, such as ${fallback}`
  return variables.take(variable, fallback, expected, plainUrl, 'secret')
}

/** A user and password in it would end up in logs. */
function plainUrl(value: string): string | null {
  if (!URL.canParse(value)) return null
  const { protocol, origin, pathname, search, hash, username, password } = new URL(value)
  const isPlain =
    (protocol === 'http:' || protocol === 'https:') && !search && !hash && !username && !password
  return isPlain ? (origin + pathname).replace(/\/+$/, '') : null
}

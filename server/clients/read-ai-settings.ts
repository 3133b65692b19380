import { AiSettings } from '../../protocol/ai-settings.ts'
import type { CompileSchema, Validate } from '../infra/validate.ts'

/** Where a client's row keeps the settings of its AI: two columns, and `settings.ai` for all others. Unchecked. */
export interface KeptAiSettings {
  provider: string | null
  model: string | null
  ai: unknown
}

/** The settings as far as they can be used, in the order of their schema; the names of those that are unknown or broken. */
export interface ReadAiSettings {
  settings: AiSettings
  ignored: string[]
}

export type AiSettingsReader = (kept: KeptAiSettings) => ReadAiSettings

/** Each setting is judged by itself, so that a broken one takes no other with it. */
export function createAiSettingsReader(compile: CompileSchema): AiSettingsReader {
  const checks = new Map<string, Validate<unknown>>(
    Object.entries(AiSettings.properties).map(([name, schema]) => [name, compile(schema)]),
  )
  return ({ provider, model, ai }) => {
    const isObject = typeof ai === 'object' && ai !== null && !Array.isArray(ai)
    const others = isObject ? ai : { ...(ai === null || ai === undefined ? {} : { ai }) }
    const all = { ...others, ...(provider !== null && { provider }), ...(model !== null && { model }) }
    const values = new Map<string, unknown>(Object.entries(all))
    const usable = [...checks].filter(([name, check]) => values.has(name) && check(values.get(name)).ok)
    const settings = Object.fromEntries(usable.map(([name]) => [name, values.get(name)])) as AiSettings
    return { settings, ignored: [...values.keys()].filter((name) => !Object.hasOwn(settings, name)).sort() }
  }
}

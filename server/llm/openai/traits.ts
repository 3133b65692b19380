/**
 * What a model takes, as far as its name tells: ids are configuration, so families are told apart, never models. A model
 * that is not OpenAI's takes whatever its server takes.
 * https://developers.openai.com/api/docs/guides/latest-model
 */
export interface Traits {
  /** OpenAI's own, and it thinks: `temperature` and `max_tokens` are refused, and what it thought can come encrypted. */
  thinks: boolean
  /** How much it thinks can be chosen. */
  takesEffort: boolean
  /** Its cache keeps a prompt up to a mark, not up to wherever two prompts happen to part. */
  cachesToMark: boolean
  /** What Chat Completions wants as the effort where there are functions: anything, nothing, or `none`. */
  effortWithTools: 'any' | 'absent' | 'none'
}

const NOT_OPENAI: Traits = { thinks: false, takesEffort: true, cachesToMark: false, effortWithTools: 'any' }

/** `model` may carry a router's prefix (`openai/gpt-6-luna`) or that of a tuned model (`ft:`). */
export function traitsOf(model: string): Traits {
  const name = model.replace(/^.*\//, '').replace(/^ft:/, '')
  if (/^o\d/.test(name))
    return { thinks: true, takesEffort: true, cachesToMark: false, effortWithTools: 'any' }
  const family = /^gpt-(\d+(?:\.\d+)?)/.exec(name)?.[1]
  if (family === undefined) return NOT_OPENAI
  const version = Number(family)
  const thinks = version >= 5
  const cachesToMark = version >= 5.6
  return {
    thinks,
    takesEffort: thinks && !name.includes('-chat'),
    cachesToMark,
    effortWithTools: cachesToMark ? 'none' : version >= 5.2 ? 'absent' : 'any',
  }
}

/** The keys with which an object begins that may be a call, as models write them: some quote as Python does. */
const KEYS = ['tool', 'name', 'arguments', 'parameters'].flatMap((key) => [`"${key}"`, `'${key}'`])

const FENCE = '```'

/** Where a call may begin. */
export interface Opening {
  /** The first character that is not for the visitor: of the JSON, or of the fence around it. */
  at: number
  /** Where the JSON begins; null while too little has come to tell. */
  json: number | null
}

/**
 * The first place in a text where a call in JSON begins, or may begin with what has not come yet: an object whose first
 * key is one of a call's, bare, in an array, or in a fence of backticks. Null: all of it is words.
 */
export function findOpening(text: string): Opening | null {
  for (const { index } of text.matchAll(/[`[{]/g)) {
    const json = jsonAt(text, index)
    if (json !== false) return { at: index, json }
  }
  return null
}

/** Where the JSON of a call begins that opens here; false: none does; null: it ends too early to tell. */
function jsonAt(text: string, opening: number): number | null | false {
  let at = opening
  if (text[at] === '`') {
    if (!text.startsWith(FENCE, at)) return isCut(text, at, FENCE)
    at = after(text, at + FENCE.length, /[\w-]{0,20}\s{0,200}/y)
  }
  const json = at
  if (text[at] === '[') at = after(text, at + 1)
  if (at === text.length) return null
  if (text[at] !== '{') return false
  at = after(text, at + 1)
  const key = KEYS.find((each) => text.startsWith(each, at))
  if (key === undefined) return KEYS.some((each) => isCut(text, at, each) === null) ? null : false
  at = after(text, at + key.length)
  if (at === text.length) return null
  return text[at] === ':' ? json : false
}

/** Null when the text ends here in the middle of `whole`, else false. */
function isCut(text: string, at: number, whole: string): null | false {
  return whole.startsWith(text.slice(at)) ? null : false
}

/** The place after what stands here, spaces if nothing else is said. */
function after(text: string, at: number, what = /\s{0,200}/y): number {
  what.lastIndex = at
  return at + (what.exec(text)?.[0].length ?? 0)
}

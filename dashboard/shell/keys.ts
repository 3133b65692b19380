import { isTyping } from '../parts/list-keys.ts'
import type { Command } from './commands.svelte.ts'

/** Milliseconds within which the second key of two follows the first. */
const PAIR_MS = 1_000

/**
 * Finds what a key, or a pair of them, is for. Nothing is, while somebody types or a dialog is open. One of these for as
 * long as the page stands: it keeps the first key of a pair.
 */
export function createKeys(
  commands: () => readonly Command[],
): (event: KeyboardEvent) => Command | undefined {
  let first: { key: string; at: number } | null = null
  return (event) => {
    const key = plainKey(event)
    if (key === null || isTyping(event.target) || document.querySelector('[role=dialog]') !== null) return
    const isSecond = first !== null && event.timeStamp - first.at < PAIR_MS
    const wanted = isSecond ? `${first?.key} ${key}` : key
    const all = commands()
    const isFirst = !isSecond && all.some(({ keys }) => keys?.startsWith(`${key} `))
    first = isFirst ? { key, at: event.timeStamp } : null
    return all.find(({ keys }) => keys === wanted)
  }
}

/** Ctrl+K, and Cmd+K. */
export function opensPalette(event: KeyboardEvent): boolean {
  const { key, code, ctrlKey, metaKey, altKey, shiftKey } = event
  if (!(ctrlKey || metaKey) || altKey || shiftKey) return false
  return key.toLowerCase() === 'k' || (!isLatin(key) && code === 'KeyK')
}

/** The key as it is called in `Command.keys`: a letter of whatever keyboard, else that of the same place on an English one. */
function plainKey({ key, code, ctrlKey, metaKey, altKey, shiftKey }: KeyboardEvent): string | null {
  if (ctrlKey || metaKey || altKey) return null
  if (key === '?' || (code === 'Slash' && shiftKey)) return '?'
  if (key === '/' || (code === 'Slash' && !isLatin(key))) return '/'
  if (shiftKey) return null
  if (isLatin(key)) return key
  return code.startsWith('Key') ? code.slice('Key'.length).toLowerCase() : null
}

function isLatin(key: string): boolean {
  return /^[a-z]$/i.test(key)
}

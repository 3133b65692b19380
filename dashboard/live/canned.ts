import type { CannedReply } from '../../protocol/canned-replies.ts'

/**
 * The canned replies that are meant by what stands in the composer: those whose shortcut begins with what follows a `/`.
 * Null where none is: the text begins with no slash, or is longer than one word.
 */
export function matching(replies: readonly CannedReply[], text: string): readonly CannedReply[] | null {
  const asked = /^\/(\S*)$/.exec(text)?.[1]?.toLowerCase()
  if (asked === undefined) return null
  return replies.filter(({ shortcut }) => shortcut.toLowerCase().startsWith(asked))
}

import type { Author } from '../../protocol/records.ts'
import type { Joined } from './person.svelte.ts'
import type { Transcript } from './transcript.ts'

/** The person who has the conversation, or null while it is the AI. `unnamed`: what nobody is known to be called. */
export function personSpeaking(
  { conversation, messages, epoch }: Transcript,
  joined: Joined | null,
  unnamed: string,
): Author | null {
  if (conversation?.state !== 'agent') return null
  if (joined?.epoch === epoch) return joined
  return messages.findLast(({ role }) => role === 'agent')?.author ?? { name: unnamed }
}

/** Nobody has come, or whoever had come is gone: the last word on it is the server's. */
export function isLeftAlone({ messages }: Transcript): boolean {
  const last = messages.findLast(
    ({ role, content }) => role === 'agent' || (role === 'system' && content !== ''),
  )
  return last?.role === 'system'
}

import type { Extent, MemoryLimits } from './memory-limits.ts'
import { inPlace, type Spoken } from './spoken.ts'
import { isFull } from './transcript.ts'

/** A message with what it weighs. */
export type Weighed = Spoken & { tokens: number }

/**
 * Which of the messages after a summary are to go into it next, or null where it is not time yet. As few as leave
 * `remain`, and in one go no more than `gulp` tokens, but at least one. They are a beginning by `seq`, because that is
 * how far a summary says it goes, and if possible one by place too, so that no answer is parted from what it answers
 * and what remains begins with the visitor. Nothing later than `settled` goes: it may have to be answered yet.
 */
export function foldable(
  after: readonly Weighed[],
  settled: number,
  limits: Pick<MemoryLimits, 'full' | 'remain' | 'gulp'>,
): { upTo: number; messages: Weighed[] } | null {
  if (!isFull(extentOf(after), limits)) return null
  const bySeq = [...after].sort((a, b) => a.seq - b.seq)
  const cuts = cutsOf(bySeq, settled)
  const wanted = cuts.find(({ rest }) => fits(rest, limits.remain)) ?? cuts.at(-1)
  if (!wanted) return null
  const cut = cuts.findLast(({ upTo, taken }) => upTo <= wanted.upTo && taken <= limits.gulp) ?? cuts[0]
  if (!cut) return null
  return { upTo: cut.upTo, messages: bySeq.filter(({ seq }) => seq <= cut.upTo) }
}

interface Cut {
  upTo: number
  /** Tokens before it. */
  taken: number
  rest: Extent
}

/** Where a beginning may end: only clean places, or all where there is none. */
function cutsOf(bySeq: readonly Weighed[], settled: number): Cut[] {
  const all: (Cut & { clean: boolean })[] = []
  const rest = extentOf(bySeq)
  let taken = 0
  for (const [index, { seq, tokens }] of bySeq.entries()) {
    if (seq > settled) break
    taken += tokens
    rest.messages--
    rest.tokens -= tokens
    all.push({ upTo: seq, taken, rest: { ...rest }, clean: isClean(bySeq, index + 1) })
  }
  const clean = all.filter((cut) => cut.clean)
  return clean.length > 0 ? clean : all
}

/** What comes after is also later in the transcript, and begins with the visitor. */
function isClean(bySeq: readonly Weighed[], count: number): boolean {
  const [first] = inPlace(bySeq.slice(count))
  const last = inPlace(bySeq.slice(0, count)).at(-1)
  return !first || !last || (first.role === 'user' && last.place < first.place)
}

function fits(extent: Extent, into: Extent): boolean {
  return extent.messages <= into.messages && extent.tokens <= into.tokens
}

function extentOf(messages: readonly { tokens: number }[]): Extent {
  return { messages: messages.length, tokens: messages.reduce((sum, { tokens }) => sum + tokens, 0) }
}

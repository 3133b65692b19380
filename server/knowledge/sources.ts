import type { Source } from '../../protocol/records.ts'
import { readEvidence, type Evidence } from './evidence.ts'

/** Sources told with one answer at most. */
export const MOST_SOURCES = 3

/** Points that a passage must share with an answer (see `worth`). */
const ENOUGH = 3
/** So many are enough where they are half of what the answer says: a short answer says little. */
const ENOUGH_OF_LITTLE = 2
/** Between two languages only numbers, names and addresses can be shared; half of those must be. */
const ENOUGH_ABROAD = 1.5
const HALF = 0.5

/** Points of a number by how many digits it has; three stand for more. */
const WORTH_OF_NUMBERS = [0, 0.75, 1.5, 2]

/** What of a passage is looked at. */
export interface ShownPassage {
  title: string
  content: string
  url?: string
}

/**
 * Which of the passages that a model was shown its answer stands on: at most three, best first, none for small talk.
 * Judged by what answer and passage both say: words by their stems, numbers, names, addresses; the fewer passages
 * say it, the more it counts. A further passage must hold enough that those before it do not. The same input gives
 * the same output, whatever model spoke.
 */
export function attributeSources(answer: string, passages: readonly ShownPassage[]): Source[] {
  const latin = isMainlyLatin(answer)
  let candidates = distinct(passages).map((passage) => readCandidate(passage, latin))
  const rarity = rarityAmong(candidates)
  let unexplained = readEvidence(answer)
  const sources: Source[] = []
  while (sources.length < MOST_SOURCES) {
    const best = pickBest(candidates, unexplained, rarity)
    if (!best) break
    sources.push(asSource(best.passage))
    unexplained = unexplained.filter((evidence) => !says(best, evidence))
    candidates = candidates.filter((candidate) => candidate !== best)
  }
  return sources
}

interface Candidate {
  passage: ShownPassage
  forms: ReadonlySet<string>
  /** Whether it is written in another script than the answer. */
  abroad: boolean
}

function distinct(passages: readonly ShownPassage[]): ShownPassage[] {
  const byText = new Map(passages.map((passage) => [`${passage.title}\n${passage.content}`, passage]))
  return [...byText.values()]
}

function readCandidate(passage: ShownPassage, latin: boolean): Candidate {
  const text = `${passage.title}\n${passage.content}\n${passage.url ?? ''}`
  const forms = new Set(readEvidence(text).flatMap((evidence) => evidence.forms))
  return { passage, forms, abroad: isMainlyLatin(`${passage.title} ${passage.content}`) !== latin }
}

function isMainlyLatin(text: string): boolean {
  const latin = text.match(/\p{Script=Latin}/gu)?.length ?? 0
  return latin * 2 >= (text.match(/\p{L}/gu)?.length ?? 0)
}

/** Gives 1 for what one passage says, and ever less the more of them say it. */
function rarityAmong(candidates: readonly Candidate[]): (evidence: Evidence) => number {
  return (evidence) => {
    const saying = candidates.filter((candidate) => says(candidate, evidence)).length
    return saying === 0 ? 0 : (1 + candidates.length - saying) / candidates.length
  }
}

function says({ forms }: Candidate, evidence: Evidence): boolean {
  return evidence.forms.some((form) => forms.has(form))
}

function pickBest(
  candidates: readonly Candidate[],
  evidence: readonly Evidence[],
  rarity: (evidence: Evidence) => number,
): Candidate | undefined {
  let best: { candidate: Candidate; points: number } | undefined
  for (const candidate of candidates) {
    const points = pointsOf(candidate, evidence, rarity)
    if (points > (best?.points ?? 0)) best = { candidate, points }
  }
  return best?.candidate
}

/** How much of the evidence a passage holds; 0 where that proves nothing. */
function pointsOf(
  candidate: Candidate,
  evidence: readonly Evidence[],
  rarity: (evidence: Evidence) => number,
): number {
  const shared = evidence.filter((one) => says(candidate, one))
  const points = sum(shared.map((one) => worth(one, candidate) * rarity(one)))
  const comparable = candidate.abroad ? evidence.filter(({ kind }) => kind !== 'word') : evidence
  const part =
    sum(shared.map((one) => worth(one, candidate))) / sum(comparable.map((one) => worth(one, candidate)))
  if (candidate.abroad) return points >= ENOUGH_ABROAD && part >= HALF ? points : 0
  if (points >= ENOUGH) return points
  return points >= ENOUGH_OF_LITTLE && part >= HALF ? points : 0
}

/** What sharing it proves: nobody comes upon the same address by chance, and everybody upon a single digit. */
function worth({ kind, forms }: Evidence, { abroad }: Candidate): number {
  if (kind === 'address') return 3
  if (kind === 'word') return abroad ? 1.5 : 1
  const digits = forms[0]?.match(/\d/g)?.length ?? 0
  return WORTH_OF_NUMBERS[Math.min(digits, 3)] ?? 0
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}

/** Only what a browser may open leaves as an address. */
function asSource({ title, url }: ShownPassage): Source {
  return url !== undefined && /^https?:\/\//i.test(url) ? { title, url } : { title }
}

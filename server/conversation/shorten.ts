import { estimateTokens } from '../llm/tokens.ts'

/** A text of at most about `tokens`: of a longer one the beginning and the end, and a mark between them. */
export function shortenMiddle(text: string, tokens: number): string {
  const estimate = estimateTokens(text)
  if (estimate <= tokens) return text
  let kept = Math.floor((text.length * tokens) / estimate)
  for (;;) {
    const half = Math.floor(kept / 2)
    const shortened = join(text, half)
    if (half === 0 || estimateTokens(shortened) <= tokens) return shortened
    kept = Math.floor(kept * 0.9)
  }
}

/** Never between the halves of a character. */
function join(text: string, half: number): string {
  const head = text.slice(0, isLowHalf(text, half) ? half - 1 : half)
  const end = text.length - half
  const tail = half === 0 ? '' : text.slice(isLowHalf(text, end) ? end + 1 : end)
  const left = text.length - head.length - tail.length
  return `${head}\n[... ${left} characters left out ...]\n${tail}`
}

function isLowHalf(text: string, at: number): boolean {
  const unit = text.charCodeAt(at)
  return unit >= 0xdc00 && unit <= 0xdfff
}

/** A text of at most about `tokens`, cut after a sentence; in the middle of one only where the first is too long. */
export function cutAtSentence(text: string, tokens: number): string {
  const whole = text.trim()
  const estimate = estimateTokens(whole)
  if (estimate <= tokens) return whole
  let cut = ''
  let left = tokens
  for (const sentence of whole.match(SENTENCES) ?? []) {
    left -= estimateTokens(sentence)
    if (left < 0) break
    cut += sentence
  }
  if (cut.trim() !== '') return cut.trim()
  const beginning = whole.slice(0, Math.floor((whole.length * tokens) / estimate) - 1)
  return `${beginning.replace(/\s+\S*$/, '').toWellFormed()}…`
}

/** A line, or what ends with a full stop that a space follows: the point of 3.50 ends nothing. */
const SENTENCES = /[\s\S]+?(?:[.!?…]+["'”’)]*(?=\s|$)|\n|$)/gu

import { fillText, type Values } from './template.ts'

/** Characters of one value in a path. */
const LONGEST = 200

/** A value that would change where a path leads, in words for the model. */
export class PathRefused extends Error {
  override readonly name = 'PathRefused'
}

/** What speaks against the template of a path below the base address, as a sentence; null: nothing. */
export function pathFault(template: string): string | null {
  if (/^[a-z][a-z\d+.-]*:|^\/\//i.test(template)) return 'url is a path below base_url, and no whole address.'
  if (/[?#]/.test(template)) return 'url is a path alone: what follows a "?" belongs into query.'
  if (/[\\%\s\p{Cc}]/u.test(template) || !template.isWellFormed())
    return 'url holds a backslash, a percent sign, a space or a control character.'
  const segments = segmentsOf(template)
  if (segments.slice(0, -1).includes('')) return 'url has two slashes beside one another.'
  return segments.some(isStep) ? 'url may not lead upwards.' : null
}

/**
 * Fills the template of a path: each value stays within its segment, whoever decodes it, and however often. Throws
 * `PathRefused` and `NoScalar`.
 */
export function fillPath(template: string, values: Values): string {
  const filled = segmentsOf(template).map((segment) => {
    const plain = fillText(segment, values, checked)
    if (plain === null) throw new PathRefused('An argument that belongs into the address is missing.')
    if (isStep(plain)) throw new PathRefused('An argument would lead to another address.')
    return encodeURIComponent(plain).replace(/%(?:3A|40|24|2C)/g, decodeURIComponent)
  })
  return filled.join('/')
}

function segmentsOf(template: string): string[] {
  return template.replace(/^\//, '').split('/')
}

/** `.`, `..`, and `..;x`, which some servers read as `..`. */
function isStep(segment: string): boolean {
  return /^\.{1,2}(?:$|;)/.test(segment)
}

/** Slashes, percent signs and control characters stand in no id, but in attempts to reach something else. */
function checked(value: string): string {
  const isFit = value !== '' && value.length <= LONGEST && value.isWellFormed() && !UNFIT.test(value)
  if (!isFit) throw new PathRefused('An argument holds characters that no address can hold, or none at all.')
  return value
}

const UNFIT = /[/\\%\p{Cc}]/u

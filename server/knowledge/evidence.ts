import { comparableWords } from './terms.ts'

/** One thing that a text says and that another one can say too. */
export interface Evidence {
  kind: 'word' | 'number' | 'address'
  /** Any one of these is it. */
  forms: string[]
}

/** Web and email addresses and telephone numbers. */
const ADDRESS = /https?:\/\/[^\s<>()"'\]]+|\b\w[\w.+]{0,63}@[\w-]+(?:\.[\w-]+)+|\+?\d[\d ().-]{7,20}\d/g
const NUMBER = /\d+(?:[.,]\d+)*/g

/** Everything that `text` says, each thing once; words that say nothing are left out. */
export function readEvidence(text: string): Evidence[] {
  const found = new Map<string, Evidence>()
  const take = (kind: Evidence['kind'], forms: string[]) => {
    const key = `${kind} ${forms[0] ?? ''}`
    if (!found.has(key)) found.set(key, { kind, forms: forms.map((form) => `${kind} ${form}`) })
    return ' '
  }
  const words = text
    .replace(ADDRESS, (address) => take('address', [plainAddress(address)]))
    .replace(NUMBER, (number) => take('number', [plainNumber(number)]))
  for (const forms of comparableWords(words)) take('word', forms)
  return [...found.values()]
}

function plainAddress(address: string): string {
  if (/^\+?\d/.test(address)) return address.replace(/\D/g, '')
  return address
    .toLowerCase()
    .replace(/^https?:\/\/(?:www\.)?/, '')
    .replace(/[/.,;:!?*_]+$/, '')
}

/** 1,000 and 1000 are the same, and so are 5.00 and 5; 9:00 is nine. */
function plainNumber(number: string): string {
  return number.replace(/,(?=\d{3}\b)/g, '').replace(/[.,]0+$/, '')
}

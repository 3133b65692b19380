import { readFileSync, statSync } from 'node:fs'

/** US dollars for a million tokens. `cacheWrite` is that of a cache which lasts a few minutes. */
export interface Rates {
  input: number
  output: number
  cacheWrite: number
  cacheRead: number
}

export interface Price extends Rates {
  /** What every token of a request costs, its answer's too, that reads more than so many. */
  long?: Rates & { above: number }
}

/** By model id. */
export type PriceTable = ReadonlyMap<string, Price>

/** Bytes of a file of prices, and dollars for a million tokens: beyond it is a mistake. */
const LARGEST_FILE = 1_000_000
const DEAREST = 10_000

/** What is wrong with a file of prices: where in it, and what should stand there. */
export interface PriceFault {
  problem: string
  expected: string
}

/**
 * Reads a file of prices: a JSON object of models, each `{"input", "output", "cache_read"?, "cache_write"?, "above"?}`
 * with `above` as `{"tokens", "input", "output", "cache_read"?, "cache_write"?}`. What the cache costs is the price of
 * input where it is not given. Every fault, by its path in the file.
 */
export function readPrices(path: string): { prices: PriceTable; faults: PriceFault[] } {
  const faults: PriceFault[] = []
  const prices = new Map<string, Price>()
  const models = readObject(path)
  if (typeof models === 'string')
    return { prices, faults: [{ problem: models, expected: 'a JSON object of models' }] }
  for (const [model, value] of Object.entries(models)) {
    const reader = new FieldReader(faults, pointer([model]))
    const price = reader.price(value)
    if (price) prices.set(model, price)
  }
  return { prices, faults }
}

/** The file's object, or what is wrong with the file as a whole. */
function readObject(path: string): Record<string, unknown> | string {
  try {
    if (statSync(path).size > LARGEST_FILE) return `names a file of more than ${LARGEST_FILE} bytes`
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'))
    return isObject(value) ? value : 'names a file that is no JSON object'
  } catch (error) {
    if (error instanceof SyntaxError) return 'names a file that is no JSON'
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error)
    return `names a file that cannot be read (${code})`
  }
}

/** Reads one model's fields and notes what is wrong with them. */
class FieldReader {
  readonly #faults: PriceFault[]
  readonly #path: string
  #wrong = false

  constructor(faults: PriceFault[], path: string) {
    this.#faults = faults
    this.#path = path
  }

  price(value: unknown): Price | null {
    const fields = this.#object(value, '', ['input', 'output', 'cache_read', 'cache_write', 'above'])
    if (!fields) return null
    const price: Price = this.#rates(fields, '')
    const above = fields['above'] === undefined ? null : this.#long(fields['above'])
    if (above) price.long = above
    return this.#wrong ? null : price
  }

  #long(value: unknown): (Rates & { above: number }) | null {
    const fields = this.#object(value, '/above', ['tokens', 'input', 'output', 'cache_read', 'cache_write'])
    if (!fields) return null
    const tokens = fields['tokens']
    const above = typeof tokens === 'number' && Number.isInteger(tokens) && tokens > 0 ? tokens : null
    if (above === null) this.#fault('/above/tokens', tokens, 'a whole number of tokens')
    return { above: above ?? 0, ...this.#rates(fields, '/above') }
  }

  #rates(fields: Record<string, unknown>, at: string): Rates {
    const input = this.#dollars(fields['input'], `${at}/input`)
    return {
      input,
      output: this.#dollars(fields['output'], `${at}/output`),
      cacheRead: this.#dollars(fields['cache_read'] ?? input, `${at}/cache_read`),
      cacheWrite: this.#dollars(fields['cache_write'] ?? input, `${at}/cache_write`),
    }
  }

  #dollars(value: unknown, at: string): number {
    if (typeof value === 'number' && value >= 0 && value <= DEAREST) return value
    this.#fault(at, value, `dollars for a million tokens, a number from 0 to ${DEAREST}`)
    return 0
  }

  #object(value: unknown, at: string, known: readonly string[]): Record<string, unknown> | null {
    if (!isObject(value)) {
      this.#fault(at, value, 'an object')
      return null
    }
    for (const name of Object.keys(value).filter((key) => !known.includes(key)))
      this.#fault(`${at}${pointer([name])}`, value[name], `nothing, or one of ${known.join(', ')}`)
    return value
  }

  #fault(at: string, value: unknown, expected: string): void {
    this.#wrong = true
    const shown = value === undefined ? 'nothing' : JSON.stringify(value).slice(0, 60)
    this.#faults.push({ problem: `has ${shown} at ${this.#path}${at}`, expected })
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A JSON pointer (RFC 6901). */
function pointer(keys: readonly string[]): string {
  return keys.map((key) => `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
}

/** A value as JSON that Postgres keeps: it knows no NUL, and no halves of surrogate pairs. Throws where it nests too deeply. */
export function keptJson(value: unknown): string {
  return JSON.stringify(value, (_name, one: unknown) => {
    if (typeof one === 'string') return keptText(one)
    return isPlain(one) && Object.keys(one).some((name) => keptText(name) !== name) ? renamed(one) : one
  })
}

function keptText(text: string): string {
  return text.replaceAll('\0', '').toWellFormed()
}

function isPlain(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function renamed(value: object): object {
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [keptText(name), one as unknown]))
}

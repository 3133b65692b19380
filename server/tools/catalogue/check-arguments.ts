import { Ajv, type ErrorObject } from 'ajv'

/** Says of arguments whether they fit: null, or what the model reads of the first fault. */
export type CheckArguments = (given: Record<string, unknown>) => string | null

/**
 * Compiles a schema that was checked before. Costs milliseconds, and a compiler of its own: one that is kept would keep
 * every schema that it ever saw. Throws where strict mode finds a fault.
 */
export function compileSchema(schema: Record<string, unknown>): CheckArguments {
  const ajv = new Ajv({
    strict: true,
    strictRequired: true,
    allowUnionTypes: true,
    validateSchema: false,
    formats: { date: DATE, 'date-time': DATE_TIME, email: EMAIL },
  })
  const fits = ajv.compile(schema)
  return (given) => (fits(given) ? null : describe(fits.errors?.[0]))
}

const DATE = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/
const DATE_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2})?$/
const EMAIL = /^[^\s@]{1,64}@[^\s@]{1,255}$/

/** Characters that are told of a name, and of the values that would fit. */
const LONGEST = { name: 64, values: 500 } as const

function describe(fault: ErrorObject | undefined): string {
  if (fault === undefined) return 'The arguments do not fit.'
  const place = fault.instancePath === '' ? 'The arguments' : `"${fault.instancePath.slice(1)}"`
  const { additionalProperty, allowedValues } = fault.params as {
    additionalProperty?: string
    allowedValues?: unknown[]
  }
  if (additionalProperty !== undefined)
    return `${place} may not have "${additionalProperty.slice(0, LONGEST.name)}".`
  const values = allowedValues ? `: ${JSON.stringify(allowedValues).slice(0, LONGEST.values)}` : ''
  return `${place} ${fault.message ?? 'do not fit'}${values}.`
}

import assert from 'node:assert/strict'
import type { TSchema } from 'typebox'
import {
  WIDGET_EVENTS,
  WIDGET_REQUESTS,
  type WidgetEvent,
  type WidgetRequest,
} from '../../protocol/widget.ts'
import { createSchemaCompiler, type Validate } from '../../server/infra/validate.ts'

const compile = createSchemaCompiler()
const compiled = new Map<TSchema, Validate<unknown>>()

/** Throws when an event is not what `protocol/` says that it is, or has more in it. */
export function assertEvent(event: string, args: readonly unknown[]): void {
  assert.ok(Object.hasOwn(WIDGET_EVENTS, event), `${event} is no event`)
  const told = event === 'reply:delta' ? args : args[0]
  assertFits(WIDGET_EVENTS[event as WidgetEvent], told, event)
}

/** Throws when what a positive ack brings is not what `protocol/` says that it is, or has more in it. */
export function assertAcked(request: WidgetRequest, data: unknown): void {
  assertFits(WIDGET_REQUESTS[request].data, data, `ack of ${request}`)
}

/** Throws when a value does not fit a schema in which nothing may be that is not named. */
export function assertFits(schema: TSchema, value: unknown, what: string): void {
  const fits = compiled.get(schema) ?? compile(closed(schema) as TSchema)
  compiled.set(schema, fits)
  const result = fits(value)
  assert.ok(result.ok, `${what}: ${result.ok ? '' : result.error.message} ${JSON.stringify(value)}`)
}

/** What we tell may grow without harm, so the protocol leaves it open; documented it must be all the same. */
function closed(part: unknown): unknown {
  if (Array.isArray(part)) return part.map(closed)
  if (typeof part !== 'object' || part === null) return part
  const made = Object.fromEntries(Object.entries(part).map(([key, value]) => [key, closed(value)]))
  return 'properties' in made && made['type'] === 'object' ? { ...made, additionalProperties: false } : made
}

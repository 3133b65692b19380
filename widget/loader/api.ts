import type { ParlorApi } from '../public.ts'
import type { Widget } from './widget.ts'

/** A method's name and its arguments, as somebody else's code has written them. */
type QueuedCall = readonly [method: string, ...args: unknown[]]

/** Methods of the widget that the page calls as they are. */
const METHODS = [
  'open',
  'close',
  'toggle',
  'show',
  'hide',
  'identify',
  'reset',
  'setLocale',
  'setTheme',
  'setAttributes',
  'sendMessage',
  'prefill',
] as const

/** Puts the global in place, then replays what was called before: an array of calls, or an object with them in `q`. */
export function expose(widget: Widget): void {
  const queue = queuedCalls(window.Parlor)
  const { events } = widget
  const methods = widget as unknown as Record<string, (...args: unknown[]) => void>
  const calls = METHODS.map((name) => [name, (...args: unknown[]) => attempt(() => methods[name]?.(...args))])
  const api = {
    ...(Object.fromEntries(calls) as Pick<ParlorApi, (typeof METHODS)[number]>),
    isOpen: () => widget.isOpen,
    on: (name, listener) => events.on(name, listener),
    once: (name, listener) => events.once(name, listener),
    off: (name, listener) => events.off(name, listener),
    destroy() {
      widget.destroy()
      if (window.Parlor === api) delete window.Parlor
    },
    push: (...calls: QueuedCall[]) => replay(api, calls),
  } as ParlorApi
  window.Parlor = api
  replay(api, queue)
}

/** Whether the page has a widget already. */
export function isExposed(): boolean {
  const held: unknown = window.Parlor
  return typeof held === 'object' && held !== null && 'destroy' in held
}

function replay(api: ParlorApi, calls: readonly QueuedCall[]): void {
  const methods = api as unknown as Partial<Record<string, (...args: unknown[]) => unknown>>
  for (const [method, ...args] of calls) {
    attempt(() => Object.hasOwn(api, method) && methods[method]?.(...args))
  }
}

/** What a call of the page ends in is told, and not thrown at it. */
function attempt(call: () => unknown): void {
  try {
    call()
  } catch (error) {
    console.warn('Parlor:', error)
  }
}

function queuedCalls(held: unknown): QueuedCall[] {
  const list: unknown = Array.isArray(held) ? held : (held as { q?: unknown } | undefined)?.q
  if (!Array.isArray(list)) return []
  return list.flatMap((call: unknown) => {
    const parts = isListLike(call) ? Array.from(call) : [call]
    return typeof parts[0] === 'string' ? [parts as unknown as QueuedCall] : []
  })
}

/** An array, or the `arguments` of a stub function. */
function isListLike(value: unknown): value is ArrayLike<unknown> {
  return typeof value === 'object' && value !== null && 'length' in value
}

import type { Emitter } from './emitter.ts'
import type { Widget } from './widget.ts'

/** `window.Parlor`: all that the page's own code can ask. */
export interface ParlorApi extends Pick<Emitter, 'on' | 'once' | 'off'> {
  open(): void
  close(): void
  toggle(): void
  show(): void
  hide(): void
  isOpen(): boolean
  sendMessage(text: string): void
  /** Takes the widget off the page; the script can be loaded again. */
  destroy(): void
  /** Runs a call written for the queue, as `['open']`: so one snippet works before and after loading. */
  push(...calls: QueuedCall[]): void
}

/** A method's name and its arguments. */
export type QueuedCall = readonly [method: string, ...args: unknown[]]

declare global {
  interface Window {
    Parlor?: unknown
  }
}

/** Puts the global in place, then replays what was called before: an array of calls, or an object with them in `q`. */
export function expose(widget: Widget): void {
  const queue = queuedCalls(window.Parlor)
  const { events } = widget
  const api: ParlorApi = {
    open: () => widget.open(),
    close: () => widget.close(),
    toggle: () => widget.toggle(),
    show: () => widget.show(),
    hide: () => widget.hide(),
    isOpen: () => widget.isOpen,
    sendMessage: (text) => widget.sendMessage(text),
    on: (name, listener) => events.on(name, listener),
    once: (name, listener) => events.once(name, listener),
    off: (name, listener) => events.off(name, listener),
    destroy() {
      widget.destroy()
      if (window.Parlor === api) delete window.Parlor
    },
    push(...calls) {
      for (const call of calls) run(api, call)
    },
  }
  window.Parlor = api
  api.push(...queue)
}

/** Whether the page has a widget already. */
export function isExposed(): boolean {
  const held = window.Parlor
  return typeof held === 'object' && held !== null && 'destroy' in held
}

function run(api: ParlorApi, [method, ...args]: QueuedCall): void {
  const methods = api as unknown as Partial<Record<string, (...args: unknown[]) => unknown>>
  try {
    if (Object.hasOwn(api, method)) methods[method]?.(...args)
  } catch (error) {
    reportError(error)
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

import { randomUUID } from 'node:crypto'
import type { ToolCall } from '../provider.ts'
import { callArguments } from './call-arguments.ts'
import type { CallFragment } from './wire.ts'

interface GrowingCall {
  id: string
  name: string
  json: string
}

/** The calls of one answer, grown out of fragments that may alternate. */
export class GrowingCalls {
  readonly #calls: GrowingCall[] = []
  /** Which call an index means at present. */
  readonly #byIndex = new Map<number, GrowingCall>()

  /** All of them, in the order in which they began. */
  get all(): ToolCall[] {
    return this.#calls
      .filter(({ name }) => name !== '')
      .map(({ id, name, json }) => ({ id, name, arguments: callArguments(json) }))
  }

  grow(fragment: CallFragment): void {
    const call = this.#callOf(fragment)
    call.name ||= fragment.function?.name ?? ''
    call.json += fragment.function?.arguments ?? ''
  }

  /** Some servers leave the index out, or give all calls the same: there a new id with a new name begins a call. */
  #callOf({ index = 0, id, function: called }: CallFragment): GrowingCall {
    const known = this.#byIndex.get(index)
    const isAnother = Boolean(id && called?.name) && known?.id !== id
    if (known && !isAnother) return known
    const call = { id: id || `call_${randomUUID()}`, name: '', json: '' }
    this.#calls.push(call)
    this.#byIndex.set(index, call)
    return call
  }
}

import { setTimeout as after } from 'node:timers/promises'
import type { ProviderFault, StopReason } from '../../../server/llm/provider.ts'
import type { Bill } from './ledger.ts'
import type { VendorCall, VendorFailure, VendorReply } from './reply.ts'

/** How one request is answered, by any vendor. */
export type Scenario<Reply = VendorReply> = (reply: Reply) => void | Promise<void>

/** Text in these pieces. */
export function words(
  pieces: readonly string[],
  { stop = 'end', bill = {} }: { stop?: StopReason; bill?: Partial<Bill> } = {},
): Scenario {
  return saying(pieces, (reply) => reply.end(stop), bill)
}

/** Text in one event whose bytes come one by one: every character of several bytes is cut. */
export function wordsInBytes(text: string): Scenario {
  return async (reply) => {
    await reply.begin()
    await reply.sayInBytes(text)
    await reply.end('end')
  }
}

/** Text that comes slowly: a piece every so many milliseconds, after a sign of life. */
export function drip(pieces: readonly string[], everyMs: number): Scenario {
  return async (reply) => {
    await reply.begin()
    await reply.ping()
    for (const piece of pieces) {
      await after(everyMs)
      if (reply.gone) return
      await reply.say(piece)
    }
    await reply.end('end')
  }
}

/** Calls, after some text if there is any. */
export function toolCalls(calls: readonly VendorCall[], text: readonly string[] = []): Scenario {
  return saying(text, async (reply) => {
    for (const call of calls) await reply.call(call)
    await reply.end('tools')
  })
}

/** The vendor declines; what it had said until then stays. */
export function refusal(text: readonly string[] = []): Scenario {
  return words(text, { stop: 'refusal' })
}

/** Text after what nobody knows. */
export function puzzling(text: string): Scenario {
  return async (reply) => {
    await reply.begin()
    await reply.puzzle()
    await reply.say(text)
    await reply.end('end')
  }
}

/** Text, and then what nobody can read. */
export function garbled(text: readonly string[]): Scenario {
  return saying(text, (reply) => reply.garble())
}

/** Nothing at all, in good order. */
export const emptyAnswer: Scenario = words([])

/** So many pieces of this text, as fast as they are taken, until the client has enough. */
export function hugeOutput(piece: string, pieces: number): Scenario {
  return async (reply) => {
    await reply.begin()
    for (let sent = 0; sent < pieces && !reply.gone; sent++) await reply.say(piece)
    await reply.end('end')
  }
}

/** A failure before anything was said. */
export function failing(failure: VendorFailure): Scenario {
  return (reply) => {
    reply.fail(failure)
  }
}

/** A failure that the stream itself tells of, after some text if there is any. */
export function breaking(fault: ProviderFault, text: readonly string[] = []): Scenario {
  return saying(text, (reply) => reply.break(fault))
}

/** A connection that is cut, after some text if there is any. */
export function disconnect(text: readonly string[] = []): Scenario {
  return saying(text, (reply) => {
    reply.cut()
  })
}

/** A stream that ends in good order, but before the answer does. */
export function endTooEarly(text: readonly string[] = []): Scenario {
  return saying(text, (reply) => {
    reply.finish()
  })
}

/** Silence after some text; `pings` are signs of life without a word. The client must end it. */
export function stall(text: readonly string[], pings?: { everyMs: number }): Scenario {
  return saying(text, async (reply) => {
    while (pings && !reply.gone) {
      await after(pings.everyMs)
      await reply.ping()
    }
  })
}

/** Not even a head. The client must end it. */
export const deadSilence: Scenario = () => undefined

function saying(
  text: readonly string[],
  then: (reply: VendorReply) => void | Promise<void>,
  bill: Partial<Bill> = {},
): Scenario {
  return async (reply) => {
    await reply.begin(bill)
    for (const piece of text) await reply.say(piece)
    await then(reply)
  }
}

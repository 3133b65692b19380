import type { WireMessage } from './wire.ts'

/** Bytes of UTF-8 that make a token, at least: about four of English and three of Hebrew in today's vocabularies. */
const BYTES_PER_TOKEN = 3

/** What a template puts around a message, in tokens. */
const AROUND_MESSAGE = 8

/** How many tokens a text has, rather too many than too few. */
export function tokensOf(text: string): number {
  return Math.ceil(Buffer.byteLength(text) / BYTES_PER_TOKEN)
}

/** How many tokens a model reads of these messages and functions. */
export function tokensToRead(messages: readonly WireMessage[], tools: readonly unknown[]): number {
  return tokensOf(JSON.stringify([messages, tools])) + messages.length * AROUND_MESSAGE
}

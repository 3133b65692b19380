import type { Message } from '../../protocol/records.ts'
import { directionOf } from '../locale.ts'
import type { Ask } from './ask.ts'
import { isShown } from './entries.ts'

/** Pages of 100 messages, at most: what is older stays where it is. */
const PAGES = 100
const PAGE = 100
/** Milliseconds that the browser has for taking the file. */
const TAKEN_WITHIN = 60_000

export interface WrittenWords {
  /** Who said it, as it is written above each message. */
  by: (message: Message) => string
  locale: string
}

/** What is held of a conversation, and whether there is more before it. */
export interface HeldConversation {
  ask: Ask
  messages: readonly Message[]
  older: boolean
}

/** Hands the whole conversation to the visitor as a file. False when it cannot be had now. */
export async function download(
  held: HeldConversation,
  { business, ...written }: WrittenWords & { business: string },
): Promise<boolean> {
  const messages = await wholeConversation(held)
  if (messages) saveText(asText(messages, written), fileName(business, new Date()))
  return messages !== null
}

/** All messages of the conversation, the oldest first; null when they cannot be had now. */
export async function wholeConversation({
  ask,
  messages: held,
  older,
}: HeldConversation): Promise<Message[] | null> {
  const messages = [...held]
  let more = older
  for (let page = 0; more && page < PAGES; page += 1) {
    const answer = await ask('history:load', { before_seq: messages[0]?.seq ?? 0, limit: PAGE })
    if (!answer.ok) return null
    messages.unshift(...answer.data.messages)
    more = answer.data.has_more && answer.data.messages.length > 0
  }
  return messages
}

/**
 * A conversation as a plain text: above each message who said it and when. Names are isolated and those lines begin in
 * the direction of the language, so that Hebrew and Latin do not tear each other apart (UAX #9); each line of a message
 * takes its own direction where it is read.
 */
export function asText(messages: readonly Message[], { by, locale }: WrittenWords): string {
  const mark = directionOf(locale) === 'rtl' ? '\u200f' : '\u200e'
  const times = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' })
  const parts = messages.filter(isShown).map((message) => {
    const time = times.format(new Date(message.created_at))
    const name = by(message)
    const heading = name === '' ? isolated(time) : `${isolated(name)} · ${isolated(time)}`
    return `${mark}${heading}\n${message.content}\n`
  })
  return parts.join('\n')
}

/** What the file is called: whose it is, and the day by the visitor's clock. */
export function fileName(business: string, now: Date): string {
  // What file systems do not take; Swedish writes dates as ISO 8601 does.
  const name = business.replace(/[\p{C}\s\\/:*?"<>|]+/gu, ' ').trim() || 'chat'
  return `${name} ${now.toLocaleDateString('sv')}.txt`
}

/** Hands a text to the visitor as a file. The mark in front tells older editors that it is UTF-8. */
function saveText(text: string, name: string): void {
  const address = URL.createObjectURL(new Blob(['\ufeff', text], { type: 'text/plain;charset=utf-8' }))
  const link = document.createElement('a')
  link.href = address
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(address), TAKEN_WITHIN)
}

function isolated(text: string): string {
  return `\u2068${text}\u2069`
}

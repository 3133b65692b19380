import { languageOf, type Language } from '../infra/language.ts'
import type { TurnOutcome } from './end-turn.ts'
import type { TurnPrompt } from './prompt.ts'

const APOLOGIES: Readonly<Record<Language, string>> = {
  en: 'Sorry, I could not answer that just now. Please try again in a moment.',
  he: 'סליחה, לא הצלחתי לענות על זה כרגע. אפשר לנסות שוב בעוד רגע.',
}

/** To a visitor whose answers have spent as much as they may in a day. */
const UNTIL_TOMORROW: Readonly<Record<Language, string>> = {
  en: 'We have talked a lot today, and I may not answer any more for now. Please come back tomorrow.',
  he: 'דיברנו הרבה היום, ובינתיים אין באפשרותי לענות עוד. נשמח להמשיך מחר.',
}

/** What a visitor reads when a turn failed before it said anything, in the visitor's language. */
export function apologise(
  prompt: Pick<TurnPrompt, 'messages' | 'parties'> | null,
  error: TurnOutcome['error'],
): string {
  const said = prompt?.messages.flatMap((message) => (message.role === 'user' ? [message.text] : [])) ?? []
  const words = error === 'visitor_limit' ? UNTIL_TOMORROW : APOLOGIES
  return words[languageOf(said, prompt?.parties.locale)]
}

import { languageOf, type Language } from '../infra/language.ts'
import type { TurnPrompt } from './prompt.ts'

const APOLOGIES: Readonly<Record<Language, string>> = {
  en: 'Sorry, I could not answer that just now. Please try again in a moment.',
  he: 'סליחה, לא הצלחתי לענות על זה כרגע. אפשר לנסות שוב בעוד רגע.',
}

/** What a visitor reads when a turn failed before it said anything, in the visitor's language. */
export function apologise(prompt: Pick<TurnPrompt, 'messages' | 'parties'> | null): string {
  const said = prompt?.messages.flatMap((message) => (message.role === 'user' ? [message.text] : [])) ?? []
  return APOLOGIES[languageOf(said, prompt?.parties.locale)]
}

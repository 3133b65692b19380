import { languageOf, type Language } from '../infra/language.ts'
import type { ModelRequest } from './provider.ts'

const WORDS: Readonly<Record<Language, string>> = {
  en: 'I am sorry, I cannot help with that here. Is there anything else that I can do for you?',
  he: 'מצטערים, בזה לא אוכל לעזור כאן. יש עוד משהו שאוכל לעשות בשבילך?',
}

/** What a visitor reads when a model declined without a word, in the language of the last question. */
export function refusalWords({ messages, locale }: ModelRequest): string {
  const question = messages.findLast((message) => message.role === 'user')?.text ?? ''
  return WORDS[languageOf(question, locale)]
}

import type { AnswerLanguage } from '../../agent/prompts/moment.ts'
import { hearLanguage, languageName, primaryLanguage } from '../../infra/language.ts'
import type { ModelMessage } from '../../llm/provider.ts'

/** The language of an answer: as the model is told of it, and as a tag of BCP 47. */
export interface ChosenLanguage {
  told: AnswerLanguage
  /** Without its region; null where only the model can tell. */
  language: string | null
}

/** The language that the client wants, else that of the visitor's messages, else the locale's. */
export function chooseLanguage(
  wanted: string | undefined,
  messages: readonly ModelMessage[],
  locale: string | null,
): ChosenLanguage {
  if (wanted !== undefined && wanted !== 'auto')
    return {
      told: { kind: 'fixed', name: languageName(wanted) ?? wanted },
      language: primaryLanguage(wanted),
    }
  const said = messages.flatMap((message) => (message.role === 'user' ? [message.text] : []))
  const { language, from } = hearLanguage(said, locale)
  const name = language === null ? null : languageName(language)
  if (name === null) return { told: { kind: 'heard' }, language }
  return { told: { kind: from === 'last message' ? 'spoken' : 'likely', name }, language }
}

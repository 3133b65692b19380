import { languageOf, type Language } from '../infra/language.ts'

/** What visitors read when no person answers them, or does any more. Models never read it. */
export const WORDS = {
  /** Nobody took the request in its time. */
  lapsed: {
    en: 'Our team is not available right now. The assistant goes on helping you here, and you can ask for a person again later.',
    he: 'הצוות שלנו אינו זמין כרגע. העוזר ימשיך לסייע כאן, ואפשר לבקש נציג שוב בהמשך.',
  },
  /** Who had taken over is not there any more. */
  reclaimed: {
    en: 'Our team could not go on with this chat. The assistant is back and answers you here.',
    he: 'הצוות שלנו לא יכול היה להמשיך בשיחה. העוזר חזר וממשיך לענות כאן.',
  },
} as const satisfies Record<string, Record<Language, string>>

/** What tells a conversation's language: the columns of `SAID`. */
export interface SaidByVisitor {
  /** The visitor's last messages, oldest first. */
  said: string[]
  locale: string | null
}

/** The same, of conversation `v` of client `c`. */
export const SAID = `
  coalesce(v.locale, c.locale) AS locale,
  ARRAY(
    SELECT content FROM (
      SELECT seq, left(content, 500) AS content FROM messages
      WHERE conversation_id = v.id AND "timestamp" >= v.started_at AND role = 'user' ORDER BY seq DESC LIMIT 3
    ) AS newest ORDER BY seq
  ) AS said`

/** The words in the visitor's language. */
export function wordsFor(what: keyof typeof WORDS, { said, locale }: SaidByVisitor): string {
  return WORDS[what][languageOf(said, locale)]
}

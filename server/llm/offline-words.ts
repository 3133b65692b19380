import { languageOf, type Language } from '../infra/language.ts'
import type { Passage } from './provider.ts'

/** What the offline provider says around the passages, in one language. */
export interface OfflineWords {
  /** Below passages: where they come from. */
  note: string
  /** The same where a model is configured, but failed. */
  standInNote: string
  /** Instead of passages. */
  nothing: string
  /** After a person was asked for. */
  asked: string
}

const WORDS: Readonly<Record<Language, OfflineWords>> = {
  en: {
    note: 'No AI model is configured here yet, so this is quoted from our help pages word for word.',
    standInNote:
      'Our assistant cannot be reached just now, so this is quoted from our help pages word for word.',
    nothing:
      'I am sorry, I found nothing about that in our help pages. Could you put it in other words? You can also ' +
      'contact us and ask for a person.\n\n' +
      '*No AI model is configured here yet, so all I can do is look things up.*',
    asked:
      'I have told our team that you would like to talk to a person. You will read here when somebody joins, or that ' +
      'nobody is free right now.',
  },
  he: {
    note: 'עדיין לא הוגדר כאן מודל בינה מלאכותית, ולכן זהו ציטוט מילה במילה מדפי העזרה שלנו.',
    standInNote: 'העוזר שלנו אינו זמין כרגע, ולכן זהו ציטוט מילה במילה מדפי העזרה שלנו.',
    nothing:
      'מצטערים, לא נמצא על כך דבר בדפי העזרה שלנו. אפשר לנסות לשאול במילים אחרות, או ליצור איתנו קשר ולבקש נציג ' +
      'אנושי.\n\n' +
      '*עדיין לא הוגדר כאן מודל בינה מלאכותית, ולכן אפשר רק לחפש בדפי העזרה.*',
    asked: 'הבקשה לדבר עם נציג הועברה לצוות שלנו. כאן יופיע מי שמצטרף לשיחה, או הודעה שאין כרגע נציג פנוי.',
  },
}

/** The words for whoever asked this; `standsIn`: a model should have answered. */
export function offlineWords(
  question: string,
  locale: string | undefined,
  standsIn: boolean,
): Pick<OfflineWords, 'note' | 'nothing' | 'asked'> {
  const { note, standInNote, nothing, asked } = WORDS[languageOf(question, locale)]
  return { note: standsIn ? standInNote : note, nothing, asked }
}

/** The whole answer, as markdown. */
export function wordPassages(
  passages: readonly Passage[],
  words: Pick<OfflineWords, 'note' | 'nothing'>,
): string {
  if (passages.length === 0) return words.nothing
  const quotes = passages.map(({ title, content }) => `**${plain(title)}**\n\n${content.trim()}`)
  return `${quotes.join('\n\n')}\n\n*${words.note}*`
}

/** A title stands between asterisks, so it may hold none, and no line end. */
function plain(title: string): string {
  return title.replaceAll('*', '').replace(/\s+/g, ' ').trim()
}

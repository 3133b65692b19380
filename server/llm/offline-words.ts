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
  /** Below what tools said, and below what is asked for a tool. */
  toolNote: string
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
    toolNote:
      'No AI model is configured here yet: I go by the words of your message, and tell what our systems say.',
  },
  he: {
    note: 'עדיין לא הוגדר כאן מודל בינה מלאכותית, ולכן זהו ציטוט מילה במילה מדפי העזרה שלנו.',
    standInNote: 'העוזר שלנו אינו זמין כרגע, ולכן זהו ציטוט מילה במילה מדפי העזרה שלנו.',
    nothing:
      'מצטערים, לא נמצא על כך דבר בדפי העזרה שלנו. אפשר לנסות לשאול במילים אחרות, או ליצור איתנו קשר ולבקש נציג ' +
      'אנושי.\n\n' +
      '*עדיין לא הוגדר כאן מודל בינה מלאכותית, ולכן אפשר רק לחפש בדפי העזרה.*',
    asked: 'הבקשה לדבר עם נציג הועברה לצוות שלנו. כאן יופיע מי שמצטרף לשיחה, או הודעה שאין כרגע נציג פנוי.',
    toolNote:
      'עדיין לא הוגדר כאן מודל בינה מלאכותית: אני מזהה שאלות לפי המילים, ומוסר מה שהמערכות שלנו עונות.',
  },
}

/** The words for whoever asked this; `standsIn`: a model should have answered. */
export function offlineWords(
  question: string,
  locale: string | undefined,
  standsIn: boolean,
): Omit<OfflineWords, 'standInNote'> {
  const { standInNote, ...words } = WORDS[languageOf(question, locale)]
  return standsIn ? { ...words, note: standInNote } : words
}

/** The whole answer, as markdown. */
export function wordPassages(
  passages: readonly Passage[],
  words: Pick<OfflineWords, 'note' | 'nothing'>,
): string {
  if (passages.length === 0) return words.nothing
  return `${quote(passages)}\n\n*${words.note}*`
}

/** What tools said, or what is asked for one; below it what the help pages say of it, where they do. */
export function wordAct(
  text: string,
  passages: readonly Passage[],
  { toolNote }: Pick<OfflineWords, 'toolNote'>,
): string {
  return [text, ...(passages.length > 0 ? [quote(passages)] : []), `*${toolNote}*`].join('\n\n')
}

function quote(passages: readonly Passage[]): string {
  return passages.map(({ title, content }) => `**${plain(title)}**\n\n${content.trim()}`).join('\n\n')
}

/** A title stands between asterisks, so it may hold none, and no line end. */
function plain(title: string): string {
  return title.replaceAll('*', '').replace(/\s+/g, ' ').trim()
}

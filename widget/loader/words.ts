import { chooseLocale, languageOf } from '../locale.ts'

/** What the launcher says. */
export interface LauncherWords {
  open: string
  close: string
  chat: string
  unread: (count: number) => string
}

const LANGUAGES: Record<string, LauncherWords> = {
  en: {
    open: 'Open chat',
    close: 'Close chat',
    chat: 'Chat',
    unread: (count) => (count === 1 ? '1 new message' : `${count} new messages`),
  },
  he: {
    open: 'פתיחת צ׳אט',
    close: 'סגירת הצ׳אט',
    chat: 'צ׳אט',
    unread: (count) => (count === 1 ? 'הודעה חדשה אחת' : `${count} הודעות חדשות`),
  },
}

export function launcherWords(wanted: readonly string[]): LauncherWords {
  const locale = chooseLocale(wanted, Object.keys(LANGUAGES), 'en')
  return LANGUAGES[languageOf(locale)] ?? (LANGUAGES.en as LauncherWords)
}

/** The languages in which the server itself says something to visitors. */
export type Language = 'en' | 'he'

/** The language of whoever wrote this: its own script decides, the visitor's locale where it has no letters. */
export function languageOf(text: string, locale: string | null | undefined): Language {
  if (/\p{Script=Hebrew}/u.test(text)) return 'he'
  if (/\p{L}/u.test(text)) return 'en'
  return /^(?:he|iw)\b/i.test(locale ?? '') ? 'he' : 'en'
}

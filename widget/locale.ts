const RIGHT_TO_LEFT = new Set(['ar', 'dv', 'fa', 'he', 'ku', 'ps', 'sd', 'ug', 'ur', 'yi'])

/** The primary language of a tag: `he` of `he-IL`; `iw`, its name of old, is `he` too. */
export function languageOf(tag: string): string {
  const language = tag.trim().toLowerCase().split(/[-_]/, 1)[0] ?? ''
  return language === 'iw' ? 'he' : language
}

/** The first wanted tag whose language is offered, or else `fallback`. */
export function chooseLocale(
  wanted: readonly string[],
  offered: readonly string[],
  fallback: string,
): string {
  return wanted.find((tag) => offered.includes(languageOf(tag))) ?? fallback
}

export function directionOf(tag: string): 'ltr' | 'rtl' {
  return RIGHT_TO_LEFT.has(languageOf(tag)) ? 'rtl' : 'ltr'
}

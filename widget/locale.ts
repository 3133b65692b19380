const RIGHT_TO_LEFT = new Set(['ar', 'dv', 'fa', 'he', 'ku', 'ps', 'sd', 'ug', 'ur', 'yi'])

/** A counted thing in each form that the language has: https://cldr.unicode.org/index/cldr-spec/plural-rules. `#` is the number. */
export type Plural = Partial<Record<Intl.LDMLPluralRule, string>> & { other: string }

/** The primary language of a tag: `he` of `he-IL`; `iw`, its name of old, is `he` too. */
export function languageOf(tag: string): string {
  const language = tag.trim().toLowerCase().split(/[-_]/, 1)[0] ?? ''
  return language === 'iw' ? 'he' : language
}

/** The first wanted tag whose language is offered, as `Intl` and the server take it, or else `fallback`. */
export function chooseLocale(
  wanted: readonly string[],
  offered: readonly string[],
  fallback: string,
): string {
  const tag = wanted.find((one) => offered.includes(languageOf(one)))
  return tag === undefined ? fallback : standard(tag)
}

export function directionOf(tag: string): 'ltr' | 'rtl' {
  return RIGHT_TO_LEFT.has(languageOf(tag)) ? 'rtl' : 'ltr'
}

export function plural(locale: string, count: number, forms: Plural): string {
  const form = forms[new Intl.PluralRules(locale).select(count)] ?? forms.other
  return form.replace('#', count.toLocaleString(locale))
}

/** Pages write `he_IL`, and worse: what is no tag counts as its language alone. */
function standard(tag: string): string {
  try {
    return new Intl.Locale(tag.trim().replaceAll('_', '-')).baseName
  } catch {
    return languageOf(tag)
  }
}

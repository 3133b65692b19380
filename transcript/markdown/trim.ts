/** The text without what fits at its end. A regular expression for all of it would try from each place, for long. */
export function trimEnd(text: string, fits: RegExp): string {
  let end = text.length
  while (end > 0 && fits.test(text[end - 1] ?? '')) end -= 1
  return text.slice(0, end)
}

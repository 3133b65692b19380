/**
 * Others' words as a person may see all of them: what shows nothing, moves what stands beside it, or steers a terminal is
 * written as `<U+200B>`. Line ends and tabs stay.
 */
export function shownText(text: string): string {
  return text
    .replace(/\r\n/g, '\n')
    .replace(HIDDEN, (one) => `<U+${(one.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}>`)
}

/** As `shownText`, in one line. */
export function shownInLine(text: string): string {
  return shownText(text).replace(/\n/g, '<U+000A>').replace(/\t/g, '<U+0009>')
}

/** Controls, formats, surrogates, private and unassigned ones, whatever Unicode has ignored, and blanks that are none. */
const HIDDEN =
  /[^\P{C}\t\n]|[\p{Default_Ignorable_Code_Point}\u2028\u2029]|(?! )\p{Zs}|[\u2800\u3164\uFFA0]|(?<=\p{M}{4})\p{M}/gu

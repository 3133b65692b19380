/** Stands where a vendor wants a text and there is nothing to read. */
const NOTHING = '(no text)'

/** The text, or words for it where it is blank: vendors refuse blank text, or make nonsense of it. */
export function readable(text: string): string {
  return text.trim() === '' ? NOTHING : text
}

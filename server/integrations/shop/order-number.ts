/** The number of an order as it is compared: without the `#` before it and the blanks around it, in small letters. */
export function plainNumber(text: string): string {
  return text.replace(/\s+/g, '').replace(/^#/, '').toLowerCase()
}

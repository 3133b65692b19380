import type { ToolConfirm } from '../../protocol/widget.ts'

/** What a visitor reads of one argument: its name as words, and its value exactly. */
export interface ShownArgument {
  name: string
  value: string
}

/** Everything that a call would be made with. */
export function shownArguments(given: ToolConfirm['arguments']): ShownArgument[] {
  return Object.entries(given).map(([name, value]) => ({
    name: asWords(name),
    value: withMarks(typeof value === 'string' ? value : JSON.stringify(value)),
  }))
}

/** `order_number` and `orderNumber` as somebody would write them. */
function asWords(name: string): string {
  const words = name
    .replace(/[_-]+/g, ' ')
    .replace(/(?<=[a-z\d])(?=[A-Z])/g, ' ')
    .trim()
  return withMarks(words.charAt(0).toUpperCase() + words.slice(1))
}

/** What cannot be seen, or turns the reading direction, is shown by its number: nobody agrees to what he does not see. */
function withMarks(text: string): string {
  return text.replace(/[^\P{C}\n\t]|[\u2028\u2029]/gu, (one) => {
    const number = one.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0')
    return `[U+${number}]`
  })
}

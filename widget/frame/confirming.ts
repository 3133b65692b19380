import type { ToolConfirm } from '../../protocol/widget.ts'

/** The questions that wait, with one more; told again, it is the same. */
export function ask(waiting: readonly ToolConfirm[], question: ToolConfirm): readonly ToolConfirm[] {
  return [...waiting.filter(({ call_id }) => call_id !== question.call_id), question]
}

/** Those that still wait: their turn goes on, and it is the AI that has the conversation. */
export function stillWaiting(
  waiting: readonly ToolConfirm[],
  { endedTurn, state }: { endedTurn: number; state: string | undefined },
): readonly ToolConfirm[] {
  const left = state === 'ai' ? waiting.filter(({ turn }) => turn > endedTurn) : []
  return left.length === waiting.length ? waiting : left
}

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

import type { ModelMessage, ModelRequest, ModelStep, ToolResult } from '../provider.ts'
import { readable } from '../readable-text.ts'
import type { WireMessage } from './wire.ts'

/** How calls and their results are told to a model: as messages of their own, or in words. */
export interface CallForm {
  /** What the system prompt says about functions; may be empty. */
  explain(request: ModelRequest): string
  step(step: ModelStep): WireMessage
  results(results: readonly ToolResult[]): WireMessage[]
}

/**
 * A conversation as a model's template wants it: one system message, then turns in alternation, the first one a user's.
 * Some templates fail on anything else.
 */
export function messagesOf(request: ModelRequest, form: CallForm): WireMessage[] {
  const turns: WireMessage[] = request.messages[0]?.role === 'user' ? [] : [turn('user', readable(''))]
  for (const message of request.messages) {
    for (const next of wireOf(message, form)) add(turns, next)
  }
  const { stable, moment } = request.system
  const system = paragraphs([stable, form.explain(request), moment])
  return system === '' ? turns : [turn('system', system), ...turns]
}

/** Texts joined, without those that are blank. */
export function paragraphs(texts: readonly string[]): string {
  return texts.filter((text) => text.trim() !== '').join('\n\n')
}

export function turn(role: 'system' | 'user' | 'assistant', content: string): WireMessage {
  return { role, content }
}

function wireOf(message: ModelMessage, form: CallForm): WireMessage[] {
  if (message.role === 'tool') return form.results(message.results)
  if (message.role === 'user') return [turn('user', readable(message.text))]
  if (message.step) return [form.step(message.step)]
  return message.text.trim() === '' ? [] : [turn('assistant', message.text)]
}

function add(turns: WireMessage[], next: WireMessage): void {
  const last = turns.at(-1)
  const isOneTurn = last?.role === next.role && next.role !== 'tool' && !last.tool_calls
  if (!last || !isOneTurn) turns.push(next)
  else turns[turns.length - 1] = { ...next, content: paragraphs([last.content, next.content]) }
}

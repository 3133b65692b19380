import type { ModelRequest, ToolCall, ToolDefinition, ToolResult } from '../../provider.ts'
import { paragraphs, turn, type CallForm } from '../messages.ts'

/** Calls and results in words, for models that have no functions: they are told how to call, and write it as text. */
export const PROMPTED_FORM: CallForm = {
  explain,
  step: ({ text, calls }) => turn('assistant', paragraphs([text.trimEnd(), callsInJson(calls)])),
  results: (results) => [turn('user', paragraphs(results.map(resultInWords)))],
}

const HOW_TO_CALL = `# Functions

You have the functions below. To call one, your whole answer is one JSON object and nothing else:
{"tool": "name_of_the_function", "arguments": {}}
To call several at once, your whole answer is a JSON array of such objects. You are then told what they gave, and answer with that. Never make up what a function gives. When you need no function, answer in plain words, without JSON.`

const NO_MORE_CALLS =
  'You cannot call functions any more. Answer in plain words, without JSON, with what you know by now.'

function explain({ tools, mayCall, messages }: ModelRequest): string {
  if (mayCall && tools.length > 0) return paragraphs([HOW_TO_CALL, ...tools.map(toolInWords)])
  return messages.some((message) => message.role === 'tool') ? NO_MORE_CALLS : ''
}

function toolInWords({ name, description, parameters }: ToolDefinition): string {
  return `## ${name}\n${description}\nArguments, as JSON Schema: ${JSON.stringify(parameters)}`
}

function callsInJson(calls: readonly ToolCall[]): string {
  const written = calls.map(({ name, arguments: given }) => ({ tool: name, arguments: given ?? {} }))
  return written.length === 0 ? '' : JSON.stringify(written.length === 1 ? written[0] : written)
}

function resultInWords({ name, content, failed }: ToolResult): string {
  return failed ? `The function ${name} failed: ${content}` : `The function ${name} gave: ${content}`
}

import { findNodeAtLocation, parseTree, printParseErrorCode, type Node, type ParseError } from 'jsonc-parser'

/** A text as JSON, or where it stops being any. */
export type ReadJson = { ok: true; value: unknown } | { ok: false; problem: JsonProblem; place: TextPlace }

/** Lines and columns begin with 1. */
export interface TextPlace {
  line: number
  column: number
}

/** What can be wrong, as far as it helps to know; `other`: look at the place. */
export type JsonProblem =
  'empty' | 'comma' | 'colon' | 'brace' | 'bracket' | 'quote' | 'name' | 'value' | 'other'

/** Reads what somebody types. */
export function readJson(text: string): ReadJson {
  if (text.trim() === '') return { ok: false, problem: 'empty', place: placeAt(text, 0) }
  const faults: ParseError[] = []
  parseTree(text, faults, STRICT)
  const [fault] = faults
  if (fault === undefined) return { ok: true, value: JSON.parse(text) }
  const problem = PROBLEMS[printParseErrorCode(fault.error)] ?? 'other'
  return { ok: false, problem, place: placeAt(text, fault.offset) }
}

/** As people read it. */
export function writeJson(value: unknown): string {
  return JSON.stringify(value, null, 2)
}

/** Where that stands which a path such as `/properties/order/type` leads to, or the deepest part of it that is there. */
export function placeOfPath(text: string, path: string): TextPlace {
  const tree = parseTree(text)
  const names = path.split('/').slice(1)
  for (let depth = names.length; tree && depth > 0; depth--) {
    const found = findNodeAtLocation(tree, segments(tree, names.slice(0, depth)))
    if (found) return placeAt(text, found.parent?.type === 'property' ? found.parent.offset : found.offset)
  }
  return { line: 1, column: 1 }
}

const STRICT = { disallowComments: true }

const PROBLEMS: Partial<Record<string, JsonProblem>> = {
  CommaExpected: 'comma',
  ColonExpected: 'colon',
  CloseBraceExpected: 'brace',
  CloseBracketExpected: 'bracket',
  UnexpectedEndOfString: 'quote',
  PropertyNameExpected: 'name',
  ValueExpected: 'value',
  InvalidSymbol: 'value',
}

function placeAt(text: string, offset: number): TextPlace {
  const lines = text.slice(0, offset).split('\n')
  return { line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 }
}

/** Numbers lead into lists, and are names in objects. */
function segments(tree: Node, names: readonly string[]): (string | number)[] {
  const path: (string | number)[] = []
  for (const name of names) {
    const isList = findNodeAtLocation(tree, path)?.type === 'array'
    path.push(isList ? Number(name) : name)
  }
  return path
}

import { canonicalJson } from './canonical-json.ts'
import { shownInLine, shownText } from './shown-text.ts'
import type { McpDefinition } from './tool-definition.ts'

/** A definition in lines, all of it, as a person approves it. */
export function definitionLines({ name, description, input_schema, annotations }: McpDefinition): string[] {
  return [
    `name: ${shownInLine(name)}`,
    'description:',
    ...indented(description === '' ? '(none)' : description),
    'input schema:',
    ...indented(json(input_schema)),
    ...(Object.keys(annotations).length === 0
      ? []
      : ['annotations (hints of the server, not trusted):', ...indented(json(annotations))]),
  ]
}

/** What changed from one definition to another, in lines: `-` went, `+` came, the rest stayed. */
export function definitionDiff(before: McpDefinition, after: McpDefinition): string[] {
  const [old, now] = [definitionLines(before), definitionLines(after)]
  if (old.length * now.length > MOST_COMPARED)
    return [...old.map((line) => `- ${line}`), ...now.map((line) => `+ ${line}`)]
  return diff(old, now)
}

/** Pairs of lines that are compared; beyond, both are shown whole. */
const MOST_COMPARED = 4_000_000

/** With names in one order, so that a diff shows what changed and not what moved. */
function json(value: unknown): string {
  return JSON.stringify(JSON.parse(canonicalJson(value)), null, 2)
}

function indented(text: string): string[] {
  return shownText(text)
    .split('\n')
    .map((line) => `    ${line}`)
}

/** By the longest common subsequence. */
function diff(old: readonly string[], now: readonly string[]): string[] {
  const width = now.length + 1
  const common = new Uint32Array((old.length + 1) * width)
  const at = (i: number, j: number) => common[i * width + j] ?? 0
  for (let i = old.length - 1; i >= 0; i--)
    for (let j = now.length - 1; j >= 0; j--)
      common[i * width + j] = old[i] === now[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1))
  const lines: string[] = []
  let [i, j] = [0, 0]
  while (i < old.length || j < now.length) {
    const [was, is] = [old[i], now[j]]
    if (was !== undefined && was === is) {
      lines.push(`  ${was}`)
      i++
      j++
    } else if (was !== undefined && (is === undefined || at(i + 1, j) >= at(i, j + 1))) {
      lines.push(`- ${was}`)
      i++
    } else {
      lines.push(`+ ${is ?? ''}`)
      j++
    }
  }
  return lines
}

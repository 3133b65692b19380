import type { ToolDefinition } from '../provider.ts'
import { placesOf, readToolName, wishesOtherwise, type Meant } from './meanings.ts'
import { isSpoken, parametersOf, type Parameter } from './parameters.ts'
import { readValues, type Values } from './read-values.ts'

/** A tool as it is compared with what visitors say. */
export interface KnownTool {
  definition: ToolDefinition
  parameters: Parameter[]
  /** The words of its name: what it does, what it is about, and what its parameters are called as well. */
  acts: Meant[]
  topic: Meant[]
  given: Meant[]
}

/** What a text asks of a tool. */
export interface Match {
  tool: KnownTool
  values: Values
  missing: Parameter[]
  /** A value shows by its form that it is meant: a number, a date. Else it is a guess by words. */
  isPlain: boolean
  /** Higher fits better. */
  score: number
}

export function knowTool(definition: ToolDefinition): KnownTool {
  const parameters = parametersOf(definition)
  const { acts, about } = readToolName(definition.name)
  const isGiven = (meant: Meant) => parameters.some(({ name }) => placesOf(meant, name).length > 0)
  return {
    ...{ definition, parameters, acts },
    topic: about.filter((meant) => !isGiven(meant)),
    given: about.filter(isGiven),
  }
}

/** The tool that a text asks for; null where none is plainly meant. Of two that fit as well, the first. */
export function matchTool(text: string, tools: readonly KnownTool[], today: string): Match | null {
  const matches = tools.map((tool) => compare(text, tool, today)).filter((match) => match !== null)
  return matches.toSorted((a, b) => b.score - a.score)[0] ?? null
}

/**
 * A text is about a tool when it says what the tool's name says: all of it but what its parameters are called, or a
 * parameter's name together with a value whose form shows it. A tool that does something needs its verb, too.
 */
function compare(text: string, tool: KnownTool, today: string): Match | null {
  const needed = tool.parameters.filter(({ required }) => required)
  if (needed.some(({ kind }) => kind === 'other')) return null
  const said = (words: readonly Meant[]) => words.filter((meant) => placesOf(meant, text).length > 0)
  const [acts, topic, given] = [said(tool.acts), said(tool.topic), said(tool.given)]
  if (acts.length < tool.acts.length) return null

  const isTopicSaid = topic.length === tool.topic.length
  const taken = [...acts, ...topic, ...given].flatMap((meant) => placesOf(meant, text))
  const values = readValues(tool.parameters, { text, taken, today })
  const missing = needed.filter(({ name }) => values[name] === undefined)
  const isPlain = needed.some(({ name, kind }) => PLAIN.has(kind) && values[name] !== undefined)
  if (!isTopicSaid && wishesOtherwise(tool.acts, text)) return null

  const isNamed = isTopicSaid && (topic.length > 0 || given.length > 0 || acts.length > 0)
  const isMeant = missing.length === 0 ? isNamed || (given.length > 0 && isPlain) : wouldAsk()
  if (!isMeant) return null
  const score = 2 * (acts.length + topic.length + given.length) + certainty() - missing.length
  return { tool, values, missing, isPlain, score }

  /** Something is missing, but it is worth asking for: nothing but that is in doubt. */
  function wouldAsk(): boolean {
    if (acts.length > 0) return isTopicSaid || isPlain
    return isNamed && given.length > 0
  }

  /** Any words may be the name of a thing. */
  function certainty(): number {
    if (isPlain) return 1
    return needed.some(isSpoken) ? -1 : 0
  }
}

/** Kinds whose values cannot be just any words. */
const PLAIN: ReadonlySet<string> = new Set(['date', 'time', 'id', 'email', 'contact', 'choice'])

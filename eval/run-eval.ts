import { parseArgs } from 'node:util'
import { readConfig } from '../server/config/config.ts'
import type { Env } from '../server/config/env.ts'
import type { LlmConfig } from '../server/config/llm.ts'
import type { Database } from '../server/infra/database.ts'
import type { Logger } from '../server/infra/logger.ts'
import { createSearch } from '../server/knowledge/search.ts'
import { installModels } from '../server/llm/install-models.ts'
import { askModel } from './ask-model.ts'
import { lackOf, nameOf, readCandidates, usualCandidates, type Candidate } from './model.ts'
import { ENGLISH } from './questions/en.ts'
import { HEBREW } from './questions/he.ts'
import type { EvalLanguage, Question } from './questions/question.ts'
import { describeReports, type ModelReport } from './report.ts'
import { openShop, withOwnDatabase } from './shop.ts'

const USE = 'npm run eval -- --lang en|he [--models claude:claude-haiku-5-5,openai:gpt-6-luna] [--limit N]'
const NO_MODEL = 'No model is configured: set ANTHROPIC_API_KEY or OPENAI_API_KEY, or name one with --models.'

export interface EvalParts {
  env: Env
  say: (text: string) => void
  log: Logger
  /** Migrated and empty; one of its own where none is given. */
  database?: Database
}

/**
 * Asks models the questions of one language and tells how they did, side by side. Gives the exit code: 0 when all was
 * asked, whatever the answers were worth.
 */
export async function runEval(args: readonly string[], parts: EvalParts): Promise<number> {
  const { say, log, database } = parts
  const asked = readArguments(args)
  if (typeof asked === 'string') return refuse(say, `${asked}\n${USE}`)
  const { llm } = readConfig(parts.env)
  const candidates = asked.candidates ?? (await usualCandidates(llm))
  if (candidates.length === 0) return refuse(say, NO_MODEL)
  for (const candidate of candidates) {
    const lack = await lackOf(candidate, llm)
    if (lack !== null) return refuse(say, lack)
  }
  const judge = (opened: Database) => judgeAll(opened, { ...asked, candidates, llm, log })
  const reports = await (database ? judge(database) : withOwnDatabase(log, judge))
  say(describeReports(reports))
  return 0
}

interface Asked {
  language: EvalLanguage
  questions: readonly Question[]
  candidates: Candidate[] | null
}

function readArguments(args: readonly string[]): Asked | string {
  const text = { type: 'string' } as const
  try {
    const { values } = parseArgs({ args: [...args], options: { lang: text, models: text, limit: text } })
    const { lang = 'en', models, limit = '1000' } = values
    if (lang !== 'en' && lang !== 'he') return `There are no questions in "${lang}".`
    if (!/^[1-9]\d{0,3}$/.test(limit)) return `"${limit}" is no number of questions.`
    const candidates = models === undefined ? null : readCandidates(models)
    if (typeof candidates === 'string') return candidates
    return { language: lang, questions: QUESTIONS[lang].slice(0, Number(limit)), candidates }
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

const QUESTIONS: Readonly<Record<EvalLanguage, readonly Question[]>> = { en: ENGLISH, he: HEBREW }

function refuse(say: (text: string) => void, text: string): number {
  say(text)
  return 1
}

/** One model after the other, so that none of them is slower for another's sake. */
async function judgeAll(
  database: Database,
  {
    language,
    questions,
    candidates,
    llm,
    log,
  }: Asked & { candidates: Candidate[]; llm: LlmConfig; log: Logger },
): Promise<ModelReport[]> {
  const client_id = await openShop(database)
  const searchKnowledge = createSearch(database)
  const reports: ModelReport[] = []
  for (const candidate of candidates) {
    const settings = { ...llm, ...candidate, fallbacks: [], summaryModel: null }
    const models = await installModels(settings, { searchKnowledge, log })
    const judged = await askModel({ database, models, client_id, log }, language, questions)
    reports.push({ name: nameOf(candidate), judged })
  }
  return reports
}

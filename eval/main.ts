/** npm run eval -- --lang en|he [--models claude:claude-haiku-5-5,openai:gpt-6-luna] [--limit N]: docs/agent.md. */
import { readEnv } from '../server/config/env.ts'
import { describeFailure } from '../server/failure.ts'
import { createLogger } from '../server/infra/logger.ts'
import { runEval } from './run-eval.ts'

const say = (text: string) => void process.stdout.write(`${text}\n`)
const log = createLogger({ level: 'warn', pretty: process.stdout.isTTY })
const code = await runEval(process.argv.slice(2), { env: readEnv(), say, log }).catch((error: unknown) => {
  say(describeFailure(error))
  return 1
})
process.exit(code)

/** npm run bench: docs/performance.md. */
import { readOptions } from './options.ts'
import { asMarkdown } from './report.ts'
import { runBench } from './run-bench.ts'
import { writeDocs } from './write-docs.ts'

const say = (line: string) => void process.stdout.write(`${line}\n`)

// Ends through `exit`, with which all processes of the bench end too.
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(130))
process.setMaxListeners(100)
try {
  const options = readOptions(process.argv.slice(2))
  const report = await runBench(options, say)
  say(`\n${asMarkdown(report)}`)
  if (options.write) writeDocs(report)
} catch (error) {
  say(error instanceof Error ? error.message : String(error))
  process.exitCode = 1
}

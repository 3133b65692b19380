/** One pass over the database that is named; a line of JSON for each step. */
import { retain } from '../../server/jobs/retention/retention.ts'
import { openAgain } from '../support/databases.ts'
import type { Step } from './retention-trial.ts'

const database = await openAgain({ url: process.argv[2] ?? '' }, 3)
let at = performance.now()
const outcome = await retain({
  ...{ database, lostAfter: 0 },
  onProgress: (what, count) => {
    const step: Step = { what, count, ms: performance.now() - at }
    process.stdout.write(`${JSON.stringify(step)}\n`)
    at = performance.now()
  },
})
await database.close()
process.exitCode = outcome.state === 'done' ? 0 : 1

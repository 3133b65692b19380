// npm run check: everything that can be said about the code without running it.
import { runChecks } from './checks.mjs'
import { prepare } from './prepare.mjs'

await prepare()
const { failed } = await runChecks({ atOnce: 2 })
process.exit(failed === 0 ? 0 : 1)

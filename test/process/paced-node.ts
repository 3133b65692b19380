/** The real server, with a model that says what it is asked for, at the pace it is asked for. */
import { readConfig } from '../../server/config/config.ts'
import { readEnv } from '../../server/config/env.ts'
import { run } from '../../server/index.ts'
import { pacedProvider } from '../support/paced-provider.ts'

process.exit(await run(readConfig(readEnv()), (parts) => ({ ...parts, provider: pacedProvider })))

import { runParent, runWorker } from '../all-cores.ts'
import { readConfig } from '../config/config.ts'
import { readEnv } from '../config/env.ts'
import { run } from '../index.ts'
import { keepSecret } from '../infra/kept-secret.ts'
import { isWorker } from '../workers/parent-link.ts'
import type { Command } from './command.ts'

export const start: Command = {
  help: [['start', 'start the server (what npm start does)']],
  run() {
    if (isWorker()) return runWorker()
    const config = readConfig(readEnv(), keepSecret)
    return config.workers === 1 ? run(config) : runParent(config)
  },
}

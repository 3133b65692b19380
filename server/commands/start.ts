import { readConfig } from '../config/config.ts'
import { readEnv } from '../config/env.ts'
import { run } from '../index.ts'
import { keepSecret } from '../infra/kept-secret.ts'
import type { Command } from './command.ts'

export const start: Command = {
  help: [['start', 'start the server (what npm start does)']],
  run: () => run(readConfig(readEnv(), keepSecret)),
}

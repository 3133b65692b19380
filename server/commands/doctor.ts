import { loadUws } from '../../sockets/engine/load-uws.ts'
import { readEnv } from '../config/env.ts'
import { describeFinding, summarize } from '../doctor/finding.ts'
import { examine } from '../doctor/index.ts'
import { complainOfUse, say, type Command } from './command.ts'

export const doctor: Command = {
  help: [
    [
      'doctor [--online]',
      'look at everything a server needs, and say what to do; --online also asks the model',
    ],
  ],
  async run(args) {
    const unknown = args.find((word) => word !== '--online')
    if (unknown !== undefined) return complainOfUse(`"doctor ${unknown}" is not known.`, doctor)
    const findings = await examine({
      env: readEnv(),
      online: args.length > 0,
      loadEngine: loadUws,
      tell: (finding) => void say(describeFinding(finding)),
    })
    say(`\n${summarize(findings)}`)
    return findings.some(({ state }) => state === 'problem') ? 1 : 0
  },
}

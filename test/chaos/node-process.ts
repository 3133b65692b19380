/** A node of the harness: the real server, with a function that has an effect outside, and with a fault where one is planted. */
import { parseArgs } from 'node:util'
import { readConfig } from '../../server/config/config.ts'
import { readEnv } from '../../server/config/env.ts'
import { run } from '../../server/index.ts'
import { noteDown } from './note-down.ts'
import { PLANTS } from './plants.ts'

const { values } = parseArgs({ options: { effects: { type: 'string' }, plant: { type: 'string' } } })
const plant = values.plant === undefined ? undefined : PLANTS[values.plant]

const code = await run(readConfig(readEnv()), (parts) => {
  const own = { ...parts, ...(values.effects !== undefined && { tools: noteDown(values.effects) }) }
  return plant ? plant.spoil(own) : own
})
process.exit(code)

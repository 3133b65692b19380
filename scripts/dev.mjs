// npm run dev: the server starts anew, and the widget is built anew, whenever one of its sources changes.
import { spawn } from 'node:child_process'
import { watch } from 'node:fs'
import { join } from 'node:path'
import { prepare } from './prepare.mjs'
import { ROOT, say } from './run-step.mjs'

/** Editors write a file in several steps. Milliseconds. */
const SETTLE_MS = 150

await prepare()
const server = node(['node_modules/tsx/dist/cli.mjs', 'watch', '--clear-screen=false', 'server/main.ts'])
server.on('exit', (code) => process.exit(code ?? 0))
// The terminal sends its signals to the server as well; when that has ended, so does this.
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => server.kill(signal))

let settling
let building = null
for (const folder of ['widget', 'demo', 'protocol']) {
  watch(join(ROOT, folder), { recursive: true }, () => {
    clearTimeout(settling)
    settling = setTimeout(buildWidget, SETTLE_MS)
  })
}

async function buildWidget() {
  await building
  building = new Promise((resolve) => {
    node(['scripts/build-widget.mjs']).on('exit', (code) => {
      say(code === 0 ? 'The widget was built; reload the page.' : 'The widget could not be built.')
      resolve()
    })
  })
}

function node(parameters) {
  return spawn(process.execPath, parameters, { cwd: ROOT, stdio: 'inherit' })
}

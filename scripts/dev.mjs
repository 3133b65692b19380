// npm run dev: the server starts anew, and widget and dashboard are built anew, whenever one of their sources changes.
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

/** What is built anew when one of these folders has changed. */
const BUILT = {
  widget: { script: 'scripts/build-widget.mjs', folders: ['widget', 'transcript', 'demo', 'protocol'] },
  dashboard: {
    script: 'scripts/build-dashboard.mjs',
    folders: ['dashboard', 'transcript', 'widget', 'client', 'protocol'],
  },
}

for (const [name, { script, folders }] of Object.entries(BUILT)) {
  let settling
  let building = null
  const rebuild = async () => {
    await building
    building = new Promise((resolve) => {
      node([script]).on('exit', (code) => {
        say(code === 0 ? `The ${name} was built; reload the page.` : `The ${name} could not be built.`)
        resolve()
      })
    })
  }
  for (const folder of folders) {
    watch(join(ROOT, folder), { recursive: true }, () => {
      clearTimeout(settling)
      settling = setTimeout(rebuild, SETTLE_MS)
    })
  }
}

function node(parameters) {
  return spawn(process.execPath, parameters, { cwd: ROOT, stdio: 'inherit' })
}

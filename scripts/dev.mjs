// npm run dev: the server and the widget, made anew whenever a source changes.
import { spawn } from 'node:child_process'
import { ROOT } from './run-step.mjs'

const PARTS = [
  ['node_modules/tsx/dist/cli.mjs', 'watch', '--clear-screen=false', 'server/main.ts'],
  ['scripts/build-widget.mjs', '--watch'],
]

const children = PARTS.map((parameters) =>
  spawn(process.execPath, parameters, { cwd: ROOT, stdio: 'inherit' }),
)
for (const child of children) child.on('exit', end)
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, end)

/** One without the other is of no use. */
function end() {
  for (const child of children) child.kill('SIGTERM')
}

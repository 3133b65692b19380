// npm run bench: prepares what is missing, starts the services, and measures. See docs/performance.md.
import { spawn } from 'node:child_process'
import { prepare } from './prepare.mjs'
import { ROOT, say } from './run-step.mjs'
import { SERVICES, startServices } from './services.mjs'

await prepare()
const { env, missing, stop } = await startServices()
const lacking = ['postgres', 'redis'].filter((name) => missing.includes(name))
if (lacking.length > 0) {
  say(`The bench needs ${lacking.map((name) => SERVICES[name].wants).join(' and ')}.`)
  process.exitCode = 1
} else {
  const bench = spawn(process.execPath, ['--import=tsx', 'bench/main.ts', ...process.argv.slice(2)], {
    cwd: ROOT,
    stdio: 'inherit',
    env: { ...process.env, ...env },
  })
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => bench.kill(signal))
  process.exitCode = await new Promise((resolve) => bench.on('exit', (code) => resolve(code ?? 1)))
}
await stop()

import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Config } from '../config/config.ts'
import { frameAssets } from '../http/frame-page.ts'
import { findingsOf, type Finding } from './finding.ts'

/** Whether uWebSockets.js loads here; why not. */
export type LoadEngine = () => { ok: true } | { ok: false; reason: string }

/** The oldest Node that is supported, as package.json says. */
const OLDEST_NODE = [20, 19] as const

export function examineNode(version: string): Finding {
  const { ok, problem } = findingsOf('Node')
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const [leastMajor, leastMinor] = OLDEST_NODE
  const suits = major > leastMajor || (major === leastMajor && minor >= leastMinor)
  return suits
    ? ok(version)
    : problem(`${version} is too old. Install Node ${OLDEST_NODE.join('.')} or newer.`)
}

export function examineEngine(wanted: Config['engine'], load: LoadEngine): Finding {
  const { ok, warning, problem } = findingsOf('Engine')
  if (wanted === 'node') return ok('node:http and ws, as SOCKET_ENGINE says')
  const loaded = load()
  if (loaded.ok) return ok('uWebSockets.js loads')
  const reason = loaded.reason.replace(/\.$/, '')
  if (wanted === 'auto') {
    return warning(`uWebSockets.js does not load (${reason}); node:http and ws serve, at a higher cost.`)
  }
  return problem(`uWebSockets.js does not load: ${reason}. Install it, or set SOCKET_ENGINE=auto.`)
}

/** Whether the widget is built; the server itself runs, or nobody would read this. */
export async function examineBuild(publicDir: string): Promise<Finding> {
  const { ok, problem } = findingsOf('Build')
  try {
    const { size } = await stat(join(publicDir, 'widget.js'))
    const assets = frameAssets(await readFile(join(publicDir, 'manifest.json'), 'utf8'))
    if (size === 0 || assets === null) throw new Error('the build is not whole')
    for (const path of [assets.script, ...assets.styles, ...assets.preloads])
      await stat(join(publicDir, path))
    return ok('the widget is built')
  } catch {
    return problem('The widget is not built, or not whole. Run npm run build.')
  }
}

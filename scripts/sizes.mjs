import { readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)))
/** What was built: `dist/public`, or the folder that is given. */
const PUBLIC = resolve(process.argv[2] ?? join(ROOT, 'dist', 'public'))

/** Bytes, gzipped: what the host page loads, and that with the whole chat. */
const LOADER_LIMIT = 5 * 1024
const WHOLE_LIMIT = 45 * 1024

const sizes = [['widget.js', sizeOf('widget.js')], ...frameFiles().map((file) => [file, sizeOf(file)])]
const loader = sizes[0][1]
const whole = sizes.reduce((sum, [, size]) => sum + size, 0)
for (const [file, size] of sizes) console.log(`${kilobytes(size)}  ${file}`)
report('what the page loads', loader, LOADER_LIMIT)
report('the whole widget', whole, WHOLE_LIMIT)

/** Every file that the chat frame comes to, as the manifest says. */
function frameFiles() {
  const manifest = JSON.parse(readFileSync(join(PUBLIC, 'manifest.json'), 'utf8'))
  return [...new Set(Object.values(manifest).flatMap((entry) => [entry.file, ...(entry.css ?? [])]))]
}

function sizeOf(file) {
  return gzipSync(readFileSync(join(PUBLIC, file)), { level: 9 }).length
}

function report(what, size, limit) {
  console.log(`${kilobytes(size)} of ${kilobytes(limit).trim()}: ${what}`)
  if (size > limit) process.exitCode = 1
}

function kilobytes(bytes) {
  return `${(bytes / 1024).toFixed(2).padStart(6)} KB`
}

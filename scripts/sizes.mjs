import { readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)))
/** What was built: `dist/public`, or the folder that is given. */
const PUBLIC = resolve(process.argv[2] ?? join(ROOT, 'dist', 'public'))

/** Bytes, gzipped at level 9: what every page loads. */
const LOADER_LIMIT = 5 * 1024
/**
 * What a visitor loads who talks with the AI: that, the desk behind it, the chat, its styles, and one language. Its goal
 * is 45 KB, which it misses yet: until more of what few visitors need comes on demand, it may not grow further.
 */
const VISIT_LIMIT = 46 * 1024
/** What comes on demand besides, all of it together. */
const ON_DEMAND_LIMIT = 8 * 1024

/** The words of the chat, of which a visitor loads one language. */
const WORDS = /^widget\/words\//

const chunks = Object.entries(JSON.parse(readFileSync(join(PUBLIC, 'manifest.json'), 'utf8')))
const words = measure(chunks.filter(([source]) => WORDS.test(source)))
const others = chunks.filter(([source]) => !WORDS.test(source))
const chat = measure(others.filter(([, { isDynamicEntry }]) => !isDynamicEntry))
const onDemand = measure(others.filter(([, { isDynamicEntry }]) => isDynamicEntry))
const loader = sizeOf('widget.js')
const desk = sizeOf('desk.js')
const largest = Math.max(0, ...words.values())
for (const [file, size] of [['widget.js', loader], ['desk.js', desk], ...chat, ...words, ...onDemand])
  console.log(`${kilobytes(size)}  ${file}`)
report('what the page loads', loader, LOADER_LIMIT)
report(
  'what a visit loads, in the largest language',
  loader + desk + sum(chat.values()) + largest,
  VISIT_LIMIT,
)
report('what comes on demand', sum(onDemand.values()), ON_DEMAND_LIMIT)

/** Scripts and style sheets of these entries of the manifest, each once, with their sizes. */
function measure(entries) {
  const files = new Set(entries.flatMap(([, { file, css = [] }]) => [file, ...css]))
  return new Map([...files].map((file) => [file, sizeOf(file)]))
}

function sum(sizes) {
  return [...sizes].reduce((total, size) => total + size, 0)
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

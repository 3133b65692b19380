import { cpSync, mkdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)))
/** Where the file goes: `dist/public`, or the folder that is given. */
const PUBLIC = resolve(process.argv[2] ?? join(ROOT, 'dist', 'public'))

// Scalar's package for Fastify is the one that carries the ready bundle alone: 28 MB installed, where
// @scalar/api-reference comes to 243.
const module = createRequire(import.meta.url).resolve('@scalar/fastify-api-reference')
mkdirSync(join(PUBLIC, 'docs'), { recursive: true })
cpSync(join(dirname(module), 'js', 'standalone.js'), join(PUBLIC, 'docs', 'scalar.js'))

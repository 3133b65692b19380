import { createRequire } from 'node:module'
import type * as Uws from 'uWebSockets.js'

/** It is a CommonJS package, and its types are another one's. */
export function loadUws(): typeof Uws {
  return createRequire(import.meta.url)('uWebSockets.js') as typeof Uws
}

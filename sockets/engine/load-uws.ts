import { createRequire } from 'node:module'
import type * as Uws from 'uWebSockets.js'
import { ENGINE_LIMITS } from './limits.ts'

export type UwsModule = typeof Uws

export type LoadedUws = { ok: true; uws: UwsModule } | { ok: false; reason: string }

/**
 * Loads uWebSockets.js, or says why it cannot be had: not installed, or no binary for this Node, system or libc. An
 * official build that an operator installs under the same name is what gets loaded. Nothing else may load it.
 */
export function loadUws(): LoadedUws {
  // uWebSockets.js reads this once, while it loads; its own 4 KB are less than some sites' cookies.
  process.env['UWS_HTTP_MAX_HEADERS_SIZE'] ??= String(ENGINE_LIMITS.headerBytes)
  try {
    const uws = createRequire(import.meta.url)('uWebSockets.js') as UwsModule
    if (typeof uws.App === 'function') return { ok: true, uws }
    return { ok: false, reason: 'uWebSockets.js loaded without its App function' }
  } catch (error) {
    return { ok: false, reason: firstLine(error) }
  }
}

function firstLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  return message.split('\n', 1)[0] ?? message
}

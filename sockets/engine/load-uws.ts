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
    return { ok: false, reason: describeLoadFailure(error) }
  }
}

/**
 * Why it does not load, in one line. Its own first line only lists what it supports, whatever went wrong; the loader's
 * reason comes after it.
 */
export function describeLoadFailure(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  if (/^Cannot find (module|package) 'uWebSockets\.js'/.test(message)) return 'it is not installed'
  const node = `Node ${process.versions.node.split('.', 1)[0]} on ${process.platform} ${process.arch}`
  const [, glibc] = /version `GLIBC_([\d.]+)' not found/.exec(message) ?? []
  if (glibc !== undefined)
    return `its binary for ${node} needs glibc ${glibc}, and this system has an older one`
  if (/Cannot find module '\.\/uws_/.test(message)) return `it has no binary for ${node}`
  const [first = message, loaders] = message.split(/\n+/)
  return loaders ?? first
}

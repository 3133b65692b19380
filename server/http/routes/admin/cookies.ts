import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import { maySpeak } from '../../../auth/origin.ts'
import type { HttpContext, HttpParts } from '../../http-env.ts'

/** What a browser keeps for us, and no script can read. */
export const COOKIES = {
  refresh: { name: 'parlor_refresh', path: '/api/admin' },
  device: { name: 'parlor_device', path: '/api/admin/sign-in' },
} as const

type Cookie = keyof typeof COOKIES

/** The text of a cookie; null where the browser sends none. */
export function readCookie(c: HttpContext, cookie: Cookie): string | null {
  return getCookie(c, COOKIES[cookie].name) ?? null
}

/** Gives the browser a cookie to keep for so many seconds. It comes back from our own pages only. */
export function giveCookie(
  c: HttpContext,
  parts: Pick<HttpParts, 'config'>,
  { cookie, text, seconds }: { cookie: Cookie; text: string; seconds: number },
): void {
  const { name, path } = COOKIES[cookie]
  // Behind a proxy that ends TLS, only the page knows that it is https.
  const ours = parts.config.http.publicUrl ?? c.req.header('origin') ?? ''
  const secure = ours.startsWith('https:')
  setCookie(c, name, text, { path, maxAge: seconds, secure, httpOnly: true, sameSite: 'Strict' })
}

export function takeCookie(c: HttpContext, cookie: Cookie): void {
  const { name, path } = COOKIES[cookie]
  deleteCookie(c, name, { path })
}

/** Whether no page of another site asks; `page`: nor anything but a page. Cookies come along with whoever asks. */
export function isOurs(
  c: HttpContext,
  parts: Pick<HttpParts, 'config'>,
  { page }: { page: boolean },
): boolean {
  const origin = c.req.header('origin') ?? null
  if (origin === null) return !page
  const speaker = { origin, host: c.req.header('host') ?? null, hasToken: false }
  return maySpeak(speaker, [], parts.config.http.publicUrl)
}

import type { AdminProfile, SignedIn } from '../../../../protocol/admin-auth.ts'
import { refuse, succeed, type Result } from '../../../../protocol/result.ts'
import type { Admitted } from '../../../auth/admins/index.ts'
import { DEVICE_SECONDS } from '../../../auth/admins/known-devices.ts'
import { FAMILY_MS, type Person } from '../../../auth/admins/sessions.ts'
import { answer } from '../../answer.ts'
import { addressGroup } from '../../client-address.ts'
import type { Answer, Endpoint } from '../../endpoint.ts'
import { forAdmin } from '../../for-admin.ts'
import type { HttpContext, HttpParts } from '../../http-env.ts'
import { limitRequests } from '../../speaker.ts'
import { giveCookie, isOurs, readCookie, takeCookie } from './cookies.ts'

/** By address and password. */
export function signIn(parts: HttpParts): Endpoint<'POST /api/admin/sign-in'> {
  return async (c, read) => {
    if (!isOurs(c, parts, { page: false })) return answer(c, refuse('origin_not_allowed'))
    const input = await read()
    if (!input.ok) return answer(c, input)
    const place = {
      address: addressGroup(c.get('address')),
      userAgent: c.req.header('user-agent') ?? null,
      device: readCookie(c, 'device'),
    }
    const admitted = await parts.admins.signIn(input.data.body, place)
    if (!admitted.ok) return answer(c, admitted)
    const { device } = admitted.data
    giveCookie(c, parts, { cookie: 'device', text: device, seconds: DEVICE_SECONDS })
    return answer(c, succeed(welcome(c, parts, admitted.data)))
  }
}

/** By the cookie alone, so only from a page of ours. */
export function refresh(parts: HttpParts): Endpoint<'POST /api/admin/refresh'> {
  return async (c) => {
    const token = await readRefreshToken(c, parts)
    if (!token.ok) return answer(c, token)
    const admitted = token.data === null ? refuse('unauthorized') : await parts.admins.refresh(token.data)
    if (admitted.ok) return answer(c, succeed(welcome(c, parts, admitted.data)))
    if (token.data !== null) takeCookie(c, 'refresh')
    return answer(c, admitted)
  }
}

/** By the cookie alone, so only from a page of ours. */
export function signOut(parts: HttpParts): Endpoint<'POST /api/admin/sign-out'> {
  return async (c, read) => answer(c, await leave(c, read))

  async function leave(
    c: HttpContext,
    read: Parameters<Endpoint<'POST /api/admin/sign-out'>>[1],
  ): Promise<Answer<'POST /api/admin/sign-out'>> {
    const token = await readRefreshToken(c, parts)
    if (!token.ok) return token
    const input = await read()
    if (!input.ok) return input
    if (token.data !== null) await parts.admins.signOut(token.data, input.data.query.everywhere === 'true')
    takeCookie(c, 'refresh')
    return succeed({})
  }
}

export function me(parts: HttpParts): Endpoint<'GET /api/admin/me'> {
  return forAdmin(parts, ({ person }) => succeed({ admin: profileOf(person) }))
}

/** Null where the browser has none. */
async function readRefreshToken(c: HttpContext, parts: HttpParts): Promise<Result<string | null>> {
  const excess = await limitRequests(c, parts)
  if (excess !== null) return excess
  if (!isOurs(c, parts, { page: true })) return refuse('origin_not_allowed')
  return succeed(readCookie(c, 'refresh'))
}

function welcome(c: HttpContext, parts: HttpParts, admitted: Admitted): SignedIn {
  const { person, accessToken, expiresAt, refreshToken } = admitted
  giveCookie(c, parts, { cookie: 'refresh', text: refreshToken, seconds: FAMILY_MS / 1000 })
  const expires_in = Math.floor((expiresAt - Date.now()) / 1000)
  return { access_token: accessToken, expires_in, admin: profileOf(person) }
}

/** Somebody as the API tells of them. */
export function profileOf({ id, email, name, avatar_url, role, client_id }: Person): AdminProfile {
  return { id, email, name, ...(avatar_url !== null && { avatar_url }), role, client_id }
}

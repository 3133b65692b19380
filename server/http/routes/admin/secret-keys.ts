import type { IssuedKey, SecretKey } from '../../../../models/secret-key.ts'
import { succeed, type Result } from '../../../../protocol/result.ts'
import type { SecretKeyIssued, SecretKeyRow } from '../../../../protocol/secret-keys.ts'
import type { KeyName } from '../../../auth/secret-keys.ts'
import type { Endpoint } from '../../endpoint.ts'
import { forClientAdmin, type AskingAbout } from '../../for-admin.ts'
import type { HttpContext, HttpParts } from '../../http-env.ts'

type Path = '/api/admin/clients/:client_id/secret-keys'

export function listSecretKeys(parts: HttpParts): Endpoint<`GET ${Path}`> {
  return forClientAdmin(parts, async ({ client_id: id }) => {
    const keys = await parts.keys.list({ id })
    return succeed({ keys: keys.map(({ secretKey }) => present(secretKey)) })
  })
}

export function createSecretKey(parts: HttpParts): Endpoint<`POST ${Path}`> {
  return forClientAdmin(parts, async ({ client_id: id, by }, { body }) =>
    issued(await parts.keys.create({ id }, body.name, by)),
  )
}

export function rotateSecretKey(parts: HttpParts): Endpoint<`POST ${Path}/:key_id/rotate`> {
  return forClientAdmin(parts, async (asking, { body }, c) => {
    const grace = (body.grace_minutes ?? 0) * 60_000
    return issued(await parts.keys.rotate(nameOf(asking, c), grace, asking.by))
  })
}

export function revokeSecretKey(parts: HttpParts): Endpoint<`POST ${Path}/:key_id/revoke`> {
  return forClientAdmin(parts, async (asking, _input, c) => {
    const ended = await parts.keys.revoke(nameOf(asking, c), asking.by)
    return ended.ok ? succeed({ secret_key: present(ended.data) }) : ended
  })
}

function nameOf({ client_id }: AskingAbout, c: HttpContext): KeyName {
  return { id: (c.req.param('key_id') ?? '').toLowerCase(), client_id }
}

function issued(made: Result<IssuedKey>): Result<SecretKeyIssued> {
  return made.ok ? succeed({ key: made.data.key, secret_key: present(made.data.secretKey) }) : made
}

function present({ id, name, prefix, created_at, last_used_at, revoked_at }: SecretKey): SecretKeyRow {
  return {
    ...{ id, name, prefix, created_at: created_at.toISOString() },
    last_used_at: last_used_at?.toISOString() ?? null,
    revoked_at: revoked_at?.toISOString() ?? null,
  }
}

import { SIGN_IN_LIMITS } from '../../protocol/limits.ts'
import type { Variables } from './variables.ts'

/** With what the first owner signs in, who is made where there is none. */
export interface FirstOwner {
  email: string
  password: string
}

/** Null where the operator names none. One variable makes the other necessary. */
export function readFirstOwner(variables: Variables): FirstOwner | null {
  const { email: longest, password } = SIGN_IN_LIMITS
  const address = 'an e-mail address'
  const secret = `a password of ${password.least} to ${password.most} characters`
  const given = {
    email: variables.take('ADMIN_EMAIL', null, address, (text) =>
      text.length <= longest && /^[^\s@]+@[^\s@]+$/.test(text) ? text : null,
    ),
    password: variables.take(
      'ADMIN_PASSWORD',
      null,
      secret,
      (text) => (text.length >= password.least && text.length <= password.most ? text : null),
      'secret',
    ),
  }
  if (given.email !== null) variables.needed('ADMIN_PASSWORD', `${secret}, since ADMIN_EMAIL is set`)
  if (given.password !== null) variables.needed('ADMIN_EMAIL', `${address}, since ADMIN_PASSWORD is set`)
  return given.email === null || given.password === null
    ? null
    : { email: given.email, password: given.password }
}

import { randomUUID, createSecretKey } from 'node:crypto'
import { jwtVerify, SignJWT } from 'jose'

/** A browser in which somebody has signed in before. It grants nothing: it is heard where strangers are shut out. */
export interface KnownDevice {
  id: string
  admin_id: string
}

/** As OWASP's "Slow Down Online Guessing Attacks with Device Cookies" has it. */
export interface KnownDevices {
  /** What the browser keeps from then on. */
  remember(adminId: string): Promise<string>
  /** Null for anything that we did not say within the year. Never rejects. */
  recognize(token: string): Promise<KnownDevice | null>
}

/** Seconds. */
export const DEVICE_SECONDS = 365 * 24 * 60 * 60

const ISSUER = 'parlor'
const AUDIENCE = 'parlor/device'
const TYPE = 'device+jwt'

export function createKnownDevices(secret: string): KnownDevices {
  const key = createSecretKey(secret, 'utf8')
  return {
    remember: (adminId) =>
      new SignJWT()
        .setProtectedHeader({ alg: 'HS256', typ: TYPE })
        .setIssuer(ISSUER)
        .setAudience(AUDIENCE)
        .setSubject(adminId)
        .setJti(randomUUID())
        .setIssuedAt()
        .setExpirationTime(`${DEVICE_SECONDS} s`)
        .sign(key),

    async recognize(token) {
      try {
        const { payload } = await jwtVerify(token, key, {
          algorithms: ['HS256'],
          typ: TYPE,
          issuer: ISSUER,
          audience: AUDIENCE,
          requiredClaims: ['sub', 'jti', 'exp'],
        })
        return { id: String(payload.jti), admin_id: String(payload.sub) }
      } catch {
        return null
      }
    },
  }
}

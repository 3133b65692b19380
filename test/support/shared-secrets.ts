/** Secrets that a server with a Postgres must be given. */
export const SHARED_SECRETS = {
  JWT_SECRET: 'a-secret-of-the-tests-and-of-nobody-else',
  ENCRYPTION_KEY: '0123456789abcdef'.repeat(4),
}

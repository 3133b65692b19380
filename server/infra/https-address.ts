/**
 * Whether this is an address that browsers may be told to load from: https, a plain name of a host, no user and no
 * password. A host may hold semicolons for all that the URL standard says, which would be directives in a policy.
 */
export function isHttpsAddress(text: string): boolean {
  if (!URL.canParse(text)) return false
  const { protocol, hostname, username, password } = new URL(text)
  return protocol === 'https:' && username === '' && password === '' && HOST.test(hostname)
}

const HOST = /^[a-z0-9-]+(?:\.[a-z0-9-]+)+$/

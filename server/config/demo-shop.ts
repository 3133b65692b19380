/**
 * Where the backend of the demo shop is asked. The name is nobody's (RFC 2606) and is not looked up: each process answers
 * it itself. It may be asked, as exactly this host and port, only where the demo shop is seeded.
 */
export const DEMO_SHOP = {
  url: 'http://backend.acme-outfitters.example',
  hostAndPort: 'backend.acme-outfitters.example:80',
} as const

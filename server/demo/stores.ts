/** The shops of the demo shop, as its API tells them to anybody: they stand on every website. */
export const STORES = [
  { name: 'Acme Springfield', address: '12 Ridge Road, Springfield', phone: '+1 555 0142' },
  { name: 'Acme Shelbyville', address: '3 Harbour Street, Shelbyville', phone: '+1 555 0143' },
  { name: 'Acme Ogdenville', address: '71 Mill Lane, Ogdenville', phone: '+1 555 0144' },
] as const

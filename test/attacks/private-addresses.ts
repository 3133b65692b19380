/** Every one of them means this machine, its network, or its landlord; PORT is one on which somebody listens here. */
export const PRIVATE = [
  ...['http://127.0.0.1:PORT/', 'http://127.1:PORT/', 'http://127.0.1:PORT/', 'http://2130706433:PORT/'],
  ...[
    'http://0x7f000001:PORT/',
    'http://0x7f.1:PORT/',
    'http://0177.0.0.1:PORT/',
    'http://017700000001:PORT/',
  ],
  ...[
    'http://127.0.0.1.:PORT/',
    'http://127%2e0%2e0%2e1:PORT/',
    'http://①②⑦.⓪.⓪.①:PORT/',
    'http://127。0。0。1:PORT/',
  ],
  ...['http://0:PORT/', 'http://0.0.0.0:PORT/', 'http://127.255.255.254:PORT/', 'http://[::1]:PORT/'],
  ...['http://[::]:PORT/', 'http://[::ffff:127.0.0.1]:PORT/', 'http://[::ffff:7f00:1]:PORT/'],
  ...['http://[::127.0.0.1]:PORT/', 'http://[64:ff9b::127.0.0.1]:PORT/', 'http://[64:ff9b::7f00:1]:PORT/'],
  ...['http://[2002:7f00:1::]:PORT/', 'http://[2001:0:7f00:1::]:PORT/', 'http://[fe80::1]:PORT/'],
  ...[
    'http://[fd00:ec2::254]/',
    'http://169.254.169.254/latest/meta-data/',
    'http://0xa9fea9fe/',
    'http://2852039166/',
  ],
  ...['http://10.0.0.1/', 'http://172.16.0.1/', 'http://192.168.1.1/', 'http://100.100.100.200/'],
  ...[
    'http://localhost:PORT/',
    'http://localhost.:PORT/',
    'http://LOCALHOST:PORT/',
    'http://shop.localhost:PORT/',
  ],
  ...[
    'http://public.example@127.0.0.1:PORT/',
    'http://127.0.0.1:PORT@public.example/',
    'http://a:b@localhost:PORT/',
  ],
  ...['http://metadata.google.internal/', 'http://rebinds.example:PORT/', 'http://mixed.example:PORT/'],
  ...['https://127.0.0.1:PORT/', 'http:\\\\127.0.0.1:PORT/', 'http:127.0.0.1:PORT/', '//127.0.0.1:PORT/'],
  ...[
    'file:///etc/passwd',
    'ftp://127.0.0.1:PORT/',
    'gopher://127.0.0.1:PORT/',
    'ws://127.0.0.1:PORT/',
    'unix:/tmp/x',
  ],
  ...['data:text/plain,hi', 'javascript:alert(1)', 'http://', 'http://[::1', '', 'http://${HOST}:PORT/'],
]

/** What names these addresses have, in the mind of whoever attacks. */
export const NAMES: Record<string, string[]> = {
  'metadata.google.internal': ['169.254.169.254'],
  'rebinds.example': ['127.0.0.1'],
  'mixed.example': ['1.1.1.1', '127.0.0.1'],
  'public.example': ['1.1.1.1'],
}

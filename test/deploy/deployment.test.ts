import assert from 'node:assert/strict'
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { BlockList } from 'node:net'
import { join } from 'node:path'
import { parse } from 'yaml'
import { readConfig } from '../../server/config/config.ts'
import { longestDrain } from '../../server/index.ts'
import { SHARED_SECRETS } from '../support/shared-secrets.ts'

const ROOT = join(import.meta.dirname, '..', '..')
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8')

interface Service {
  image: string
  build?: { context: string; dockerfile: string }
  restart?: string
  environment?: Record<string, string>
  env_file?: string
  networks: string[] | Record<string, { ipv4_address: string }>
  depends_on?: Record<string, { condition: string }>
  healthcheck?: { test?: string[]; disable?: boolean }
  stop_grace_period?: string
  ports?: string[]
  volumes?: string[]
  command?: string[]
}

interface Compose {
  services: Record<string, Service>
  networks: { front: { ipam: { config: [{ subnet: string }] } } }
  volumes: Record<string, null>
}

const compose = parse(read('compose.yml'), { merge: true }) as Compose
const { services } = compose
const nodes = Object.entries(services).filter(([name]) => name.startsWith('node'))
const dockerfile = read('deploy/Dockerfile')
const unit = read('deploy/systemd/parlor@.service')
const caddyfile = read('deploy/Caddyfile')

/** Every variable that .env.example tells about. */
const KNOWN = new Set([...read('.env.example').matchAll(/^(?:# )?([A-Z][A-Z_]+)=/gm)].map(([, name]) => name))

/** What the image, or the unit, sets for a node. */
const setBy = (text: string, line: RegExp) =>
  new Map(
    [...(line.exec(text)?.[1] ?? '').matchAll(/([A-Z_]+)=(\S+)/g)].map(([, name, value]) => [name, value]),
  )
const imageSets = setBy(dockerfile, /^ENV (.+)$/m)
const unitSets = setBy(unit, /^ExecStart=\/usr\/bin\/env (.+)$/m)

/** How long a node may take to end, in seconds: its own limits, and 7 for its database and the end of its workers. */
function secondsToDrain(): number {
  return longestDrain(readConfig({}).load.drain) / 1_000 + 7
}

describe('The deployment', () => {
  it('has three nodes that differ in nothing', () => {
    assert.deepEqual(
      nodes.map(([name]) => name),
      ['node1', 'node2', 'node3'],
    )
    for (const [, node] of nodes) assert.deepEqual(node, services['node1'])
  })

  it('names only variables that .env.example tells about', () => {
    const named = [
      ...[...read('compose.yml').matchAll(/(?<!\$)\$\{([A-Z_]+)/g)].map(([, name]) => name),
      ...[...caddyfile.matchAll(/\{\$([A-Z_]+)\}/g)].map(([, name]) => name),
      ...Object.keys(services['node1']?.environment ?? {}),
      ...imageSets.keys(),
      ...unitSets.keys(),
    ]
    assert.ok(named.length > 15)
    // Node's own, for the libraries.
    const unknown = named.filter((name) => name !== 'NODE_ENV' && !KNOWN.has(name))
    assert.deepEqual(unknown, [])
  })

  it('gives the nodes a configuration that the server takes', () => {
    const filled = Object.entries(services['node1']?.environment ?? {}).map(([name, value]) => [
      name,
      value
        .replace(/\$\{PUBLIC_URL:\?.+?\}/, 'https://chat.example.com')
        .replace(/\$\{(?:JWT_SECRET|ENCRYPTION_KEY):\?.+?\}/, '0a1b'.repeat(16))
        .replace(/\$\{\w+:\?.+?\}/, '0a1b'),
    ])
    const config = readConfig(Object.fromEntries(filled) as Record<string, string>)
    assert.deepEqual(config.http, {
      host: '0.0.0.0',
      port: 3000,
      publicUrl: 'https://chat.example.com',
      trustedProxies: ['172.30.84.2'],
    })
    assert.equal(config.database.url, 'postgres://parlor:0a1b@postgres:5432/parlor')
    assert.equal(config.redis.url, 'redis://:0a1b@redis:6379/0')
    assert.equal(config.secrets.jwt, '0a1b'.repeat(16))
    assert.equal(config.seedDemo, false)
  })

  it('has no secret and no default for one', () => {
    const uses = [...read('compose.yml').matchAll(/\$\{\w+(.)(.)/g)]
    assert.ok(uses.length >= 6)
    for (const use of uses) assert.equal(use.slice(1).join(''), ':?', use[0])
    assert.doesNotMatch(read('.env.example'), /^[^#\n]/m)
  })

  it('believes X-Forwarded-For of the proxy alone', () => {
    const { front } = services['caddy']?.networks as Record<string, { ipv4_address: string }>
    assert.equal(services['node1']?.environment?.['TRUSTED_PROXIES'], front?.ipv4_address)
    const [address, prefix] = compose.networks.front.ipam.config[0].subnet.split('/')
    const range = new BlockList()
    range.addSubnet(address ?? '', Number(prefix))
    assert.ok(range.check(front?.ipv4_address ?? ''))
  })

  it('agrees on ports', () => {
    assert.equal(imageSets.get('PORT'), services['node1']?.environment?.['PORT'])
    assert.equal(imageSets.get('PORT'), /^EXPOSE (\d+)$/m.exec(dockerfile)?.[1])
    const proxied = services['caddy']?.environment?.['PARLOR_NODES']?.split(' ')
    assert.deepEqual(
      proxied,
      nodes.map(([name]) => `${name}:${imageSets.get('PORT')}`),
    )
    assert.equal(unitSets.get('PORT'), '%i')
  })

  it('opens nothing to the outside but the proxy', () => {
    const open = Object.entries(services).filter(([, service]) => service.ports !== undefined)
    assert.deepEqual(
      open.map(([name]) => name),
      ['caddy'],
    )
    assert.match(caddyfile, /@metrics path \/metrics/)
  })

  it('waits longer than a node drains before it kills', () => {
    const seconds = secondsToDrain()
    for (const [, { stop_grace_period }] of nodes) assert.ok(parseInt(stop_grace_period ?? '') > seconds)
    assert.ok(Number(/^TimeoutStopSec=(\d+)$/m.exec(unit)?.[1]) > seconds)
  })

  it('is asked for its health twice while a node that goes away still listens', () => {
    const interval = Number(/^\s*health_interval (\d+)ms$/m.exec(caddyfile)?.[1])
    const { load } = readConfig({ ...SHARED_SECRETS, DATABASE_URL: 'postgres://a/b', REDIS_URL: 'redis://a' })
    assert.ok(2 * interval <= load.drain.delay)
  })

  it('starts again what ends, except the migration, which runs once and before the nodes', () => {
    for (const [name, { restart }] of Object.entries(services)) {
      assert.equal(restart, name === 'migrate' ? 'no' : 'unless-stopped', name)
    }
    assert.match(unit, /^Restart=always$/m)
    assert.deepEqual(services['migrate']?.command, ['migrate'])
    for (const [, node] of nodes) {
      assert.equal(node.depends_on?.['migrate']?.condition, 'service_completed_successfully')
    }
  })

  it('asks everything for its health; a node is asked by its image', () => {
    assert.match(dockerfile, /^HEALTHCHECK .+\n.+\/healthz/m)
    assert.match(caddyfile, /health_uri \/readyz/)
    for (const name of ['postgres', 'redis', 'caddy']) assert.ok(services[name]?.healthcheck?.test, name)
  })
})

describe('The image', () => {
  const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, paths]) =>
    paths?.split(' '),
  )

  it('copies what is there, and what .dockerignore lets through', () => {
    const passed = [...read('.dockerignore').matchAll(/^!(.+)$/gm)].map(([, path]) => path)
    assert.deepEqual(new Set(copied), new Set(passed))
    assert.deepEqual(
      copied.filter((path) => path === undefined || !existsSync(join(ROOT, path))),
      [],
    )
  })

  it('is built from every folder that a build reads', () => {
    const sources = /const SOURCES = \[([^\]]+)\]/.exec(read('scripts/build.mjs'))?.[1] ?? ''
    const named = [...sources.matchAll(/'([^']+)'/g)].map(([, path]) => path ?? '')
    assert.ok(named.length > 8)
    assert.deepEqual(
      named.filter((path) => existsSync(join(ROOT, path)) && !copied.includes(path)),
      [],
    )
  })

  it('runs, as nobody special, on a Node and a glibc for which uWebSockets.js has a binary', () => {
    const base = /^ARG NODE=(.+)-slim$/m.exec(dockerfile)?.[1] ?? ''
    // Those for Node 22 need glibc 2.38, which is not in Debian 12 (bookworm) yet.
    const modules = new Map([
      ['20-bookworm', 115],
      ['22-trixie', 127],
    ]).get(base)
    const binaries = readdirSync(join(ROOT, 'node_modules', 'uWebSockets.js'))
    for (const arch of ['x64', 'arm64'])
      assert.ok(binaries.includes(`uws_linux_${arch}_${modules}.node`), base)
    assert.match(dockerfile, /^USER node$/m)
  })

  it('holds every file that compose brings into a container', () => {
    const mounted = Object.values(services)
      .flatMap(({ volumes }) => volumes ?? [])
      .map((volume) => volume.split(':')[0] ?? '')
    for (const source of mounted) {
      assert.ok(source.startsWith('./') ? existsSync(join(ROOT, source)) : source in compose.volumes, source)
    }
    for (const { build } of Object.values(services))
      assert.ok(!build || existsSync(join(ROOT, build.dockerfile)))
  })
})

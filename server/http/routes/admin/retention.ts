import { Readable } from 'node:stream'
import { refuse, succeed } from '../../../../protocol/result.ts'
import type { ExportLine } from '../../../jobs/privacy/export.ts'
import { listReceipts } from '../../../jobs/privacy/list-receipts.ts'
import { listRuns } from '../../../jobs/retention/list-runs.ts'
import { answer } from '../../answer.ts'
import { admit, forAdmin, forClientAdmin, idIn } from '../../for-admin.ts'
import type { Endpoint } from '../../endpoint.ts'
import type { HttpContext, HttpParts } from '../../http-env.ts'

type Runs = 'GET /api/admin/retention-runs'
type Holds = 'GET /api/admin/holds'
type Hold = 'POST /api/admin/conversations/:conversation_id/hold'
type Release = 'POST /api/admin/conversations/:conversation_id/release'
type Export = 'POST /api/admin/clients/:client_id/visitors/:visitor_id/export'
type Receipts = 'GET /api/admin/privacy-receipts'
type Erase = 'POST /api/admin/clients/:client_id/visitors/:visitor_id/erase'

/** What is removed and kept, each as `protocol/operations/admin/retention` has it. */
export function retentionEndpoints(parts: HttpParts): {
  [K in Runs | Holds | Hold | Release | Receipts | Export | Erase]: Endpoint<K>
} {
  const { database, holds, privacy } = parts
  return {
    'GET /api/admin/retention-runs': forAdmin<Runs>(parts, async (_asking, { query }) =>
      succeed(await listRuns(database, query)),
    ),
    'GET /api/admin/holds': forAdmin<Holds>(parts, async ({ person }, { query }) =>
      succeed(await holds.list(person.client_id, query)),
    ),
    'GET /api/admin/privacy-receipts': forAdmin<Receipts>(parts, async ({ person }, { query }) =>
      succeed(await listReceipts(database, person.client_id, query)),
    ),
    'POST /api/admin/conversations/:conversation_id/hold': forAdmin<Hold>(
      parts,
      async ({ person, by }, { body }, c) => {
        const conversation_id = idIn(c, 'conversation_id')
        return holds.hold({ client_id: person.client_id, conversation_id }, body.reason, by)
      },
    ),
    'POST /api/admin/conversations/:conversation_id/release': forAdmin<Release>(
      parts,
      async ({ person, by }, _input, c) => {
        const conversation_id = idIn(c, 'conversation_id')
        return holds.release({ client_id: person.client_id, conversation_id }, by)
      },
    ),
    'POST /api/admin/clients/:client_id/visitors/:visitor_id/export': exported(parts),
    'POST /api/admin/clients/:client_id/visitors/:visitor_id/erase': forClientAdmin<Erase>(
      parts,
      async ({ client_id, by }, _input, c) => {
        const visitor_id = idIn(c, 'visitor_id')
        return privacy.erase({ client_id, visitor_id, by }, c.req.raw.signal)
      },
    ),
  }
}

/** Line by line, as it is read: whatever a visitor has said does not stand in memory at once. */
function exported(parts: HttpParts): Endpoint<Export> {
  return async (c, _read, { audience }) => {
    const asking = await admit(c, parts, audience)
    if (!asking.ok) return answer(c, asking)
    const [client_id, visitor_id] = [idIn(c, 'client_id'), idIn(c, 'visitor_id')]
    const subject = { client_id, visitor_id, by: asking.data.by }
    const lines = await parts.privacy.export(subject, c.req.raw.signal)
    return lines === null ? answer(c, refuse('not_found')) : file(c, lines, visitor_id)
  }
}

function file(c: HttpContext, lines: AsyncGenerator<ExportLine>, name: string): Response {
  c.header('content-type', 'application/x-ndjson; charset=utf-8')
  c.header('content-disposition', `attachment; filename="visitor-${name}.ndjson"`)
  c.header('cache-control', 'no-store')
  return c.body(Readable.toWeb(Readable.from(texts(lines))) as ReadableStream)
}

async function* texts(lines: AsyncGenerator<ExportLine>): AsyncGenerator<Buffer> {
  for await (const line of lines) yield Buffer.from(`${JSON.stringify(line)}\n`)
}

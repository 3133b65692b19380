import type { McpServerRow, McpToolRow } from '../mcp-keeping.ts'

/** A server that the shop has connected, for the examples in the API's document. */

export const MCP_TOOL: McpToolRow = {
  ...{ id: '1d7a3e9c-62f5-4b80-9c4e-8f0b5d2a6e73', name: 'find_customer', called: 'crm_find_customer' },
  description: 'Finds a customer by name.',
  ...{ standing: 'new', problem: null },
  hash: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
  ...{ enabled: true, policy: 'confirm', idempotent: false, label: null },
  ...{ approved_by: null, approved_at: null },
}

export const MCP_SERVER: McpServerRow = {
  ...{ id: 'a3c5e7f9-0b2d-4f68-8a1c-3e5d7b9f1a24', name: 'crm', url: 'https://mcp.shop.example/mcp' },
  ...{ credential_header: null, tells_visitor: false, enabled: true, revision: '2026-07-28' },
  ...{ listed_at: '2026-11-23T09:30:00.000Z', fault: null, tools: [MCP_TOOL] },
  created_at: '2026-11-23T09:30:00.000Z',
}

import {
  McpApprovalBody,
  McpLooked,
  McpServerChanged,
  McpServerRemoved,
  McpServersTold,
  McpServerTold,
  McpTested,
  McpToolRead,
  McpToolTold,
} from '../../mcp-keeping.ts'
import { McpCredential, McpServerChanges, McpToolChanges, NewMcpServer } from '../../mcp.ts'
import { MCP_SERVER, MCP_TOOL } from '../mcp-examples.ts'
import type { Operation, OperationKey } from '../operation.ts'
import { forPeople, PEOPLE_ERRORS } from './for-people.ts'

/** Servers of the Model Context Protocol, and what of their tools people approve. */

const KEEPERS = forPeople('admin', 'client')
const READERS = forPeople('analyst', 'client')

const ERRORS = ['not_found', ...PEOPLE_ERRORS] as const

const told = (description: string) => ({
  ...({ status: 200, description, schema: McpServerTold } as const),
  example: { server: MCP_SERVER },
})

const toldTool = (description: string) => ({
  ...({ status: 200, description, schema: McpToolTold } as const),
  example: { tool: MCP_TOOL },
})

const listMcpServers = {
  id: 'listMcpServers',
  summary: 'List a client’s MCP servers',
  description: 'By name, with their tools and how they stand.',
  ...READERS,
  success: {
    status: 200,
    description: 'The servers.',
    schema: McpServersTold,
    example: { servers: [MCP_SERVER] },
  },
  errors: ERRORS,
} as const satisfies Operation

const addMcpServer = {
  id: 'addMcpServer',
  summary: 'Connect an MCP server',
  description: 'Nothing of it is offered before it was looked at and a person has approved it.',
  ...KEEPERS,
  body: { schema: NewMcpServer, example: { name: 'crm', url: 'https://mcp.shop.example/mcp' } },
  success: told('The server.'),
  errors: ['invalid_payload', ...ERRORS],
} as const satisfies Operation

const readMcpServer = {
  id: 'readMcpServer',
  summary: 'Read an MCP server',
  ...READERS,
  success: told('The server.'),
  errors: ERRORS,
} as const satisfies Operation

const changeMcpServer = {
  id: 'changeMcpServer',
  summary: 'Change an MCP server',
  description:
    'What is left out stays. Another URL is another server: all approvals are taken back, and the credential is deleted ' +
    'where the URL leads to another origin.',
  ...KEEPERS,
  body: { schema: McpServerChanges, example: { tells_visitor: true } },
  success: {
    status: 200,
    description: 'The server as it is now.',
    schema: McpServerChanged,
    example: { server: MCP_SERVER, lost_credential: false },
  },
  errors: ['invalid_payload', ...ERRORS],
} as const satisfies Operation

const setMcpCredential = {
  id: 'setMcpCredential',
  summary: 'Enter by what an MCP server knows the client',
  description: 'It is kept encrypted, and told to nobody again.',
  ...KEEPERS,
  body: { schema: McpCredential, example: { header: 'authorization', value: 'Bearer an-example' } },
  success: told('The server as it is now.'),
  errors: ['invalid_payload', ...ERRORS],
} as const satisfies Operation

const testMcpServer = {
  id: 'testMcpServer',
  summary: 'Say whether an MCP server answers',
  description: 'For 40 seconds at most. Nothing is kept.',
  ...KEEPERS,
  success: {
    status: 200,
    description: 'That it answers, or why it cannot be used.',
    schema: McpTested,
    example: { ok: true, message: '"crm" answers, in revision 2026-07-28. Tools: 3.' },
  },
  errors: ERRORS,
} as const satisfies Operation

const lookAtMcpServer = {
  id: 'lookAtMcpServer',
  summary: 'List the tools of an MCP server anew',
  description: 'For 40 seconds at most. A tool that is not what was approved is withdrawn.',
  ...KEEPERS,
  success: {
    status: 200,
    description: 'What was found, or why there is nothing.',
    schema: McpLooked,
    example: { ok: true, message: '"crm" lists 1 tools.', server: MCP_SERVER, unreadable: [], cut: false },
  },
  errors: ERRORS,
} as const satisfies Operation

const readMcpTool = {
  id: 'readMcpTool',
  summary: 'Read what an MCP tool is',
  description: 'All that approving it approves, line by line.',
  ...READERS,
  success: {
    status: 200,
    description: 'The definition; of one that has changed since it was approved, the difference.',
    schema: McpToolRead,
    example: { tool: MCP_TOOL, changed: false, lines: ['name: find_customer', 'description:'] },
  },
  errors: ERRORS,
} as const satisfies Operation

const approveMcpTool = {
  id: 'approveMcpTool',
  summary: 'Let models call an MCP tool as it was shown',
  description:
    '`hash` is that of the definition that was read; where the tool is another by now, it is `invalid_payload`.',
  ...KEEPERS,
  body: { schema: McpApprovalBody, example: { hash: MCP_TOOL.hash, policy: 'read' } },
  success: toldTool('The tool as it is now.'),
  errors: ['invalid_payload', ...ERRORS],
} as const satisfies Operation

const changeMcpTool = {
  id: 'changeMcpTool',
  summary: 'Change how an MCP tool is used',
  description: 'What is left out stays. It holds within five seconds.',
  ...KEEPERS,
  body: { schema: McpToolChanges, example: { label: 'Looking you up' } },
  success: toldTool('The tool as it is now.'),
  errors: ['invalid_payload', ...ERRORS],
} as const satisfies Operation

const deleteMcpCredential = {
  id: 'deleteMcpCredential',
  summary: 'Delete the credential of an MCP server',
  ...KEEPERS,
  success: told('The server as it is now.'),
  errors: ERRORS,
} as const satisfies Operation

const removeMcpServer = {
  id: 'removeMcpServer',
  summary: 'Take an MCP server away',
  description: 'With all that was approved of it.',
  ...KEEPERS,
  success: {
    status: 200,
    description: 'What is gone.',
    schema: McpServerRemoved,
    example: { id: MCP_SERVER.id },
  },
  errors: ERRORS,
} as const satisfies Operation

export const MCP_OPERATIONS = {
  'GET /api/admin/clients/:client_id/mcp-servers': listMcpServers,
  'POST /api/admin/clients/:client_id/mcp-servers': addMcpServer,
  'GET /api/admin/clients/:client_id/mcp-servers/:server_id': readMcpServer,
  'PATCH /api/admin/clients/:client_id/mcp-servers/:server_id': changeMcpServer,
  'PUT /api/admin/clients/:client_id/mcp-servers/:server_id/credential': setMcpCredential,
  'POST /api/admin/clients/:client_id/mcp-servers/:server_id/test': testMcpServer,
  'POST /api/admin/clients/:client_id/mcp-servers/:server_id/look': lookAtMcpServer,
  'GET /api/admin/clients/:client_id/mcp-servers/:server_id/tools/:mcp_tool_id': readMcpTool,
  'POST /api/admin/clients/:client_id/mcp-servers/:server_id/tools/:mcp_tool_id/approve': approveMcpTool,
  'PATCH /api/admin/clients/:client_id/mcp-servers/:server_id/tools/:mcp_tool_id': changeMcpTool,
  'DELETE /api/admin/clients/:client_id/mcp-servers/:server_id/credential': deleteMcpCredential,
  'DELETE /api/admin/clients/:client_id/mcp-servers/:server_id': removeMcpServer,
} as const satisfies Record<OperationKey, Operation>

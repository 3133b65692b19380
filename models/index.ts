import type { Sequelize } from 'sequelize'
import { defineAdminSession } from './admin-session.ts'
import { defineAdmin } from './admin.ts'
import { defineApiUsage } from './api-usage.ts'
import { associate } from './associations.ts'
import { defineAuditEntry } from './audit-entry.ts'
import { defineClientIntegration } from './client-integration.ts'
import { defineClientTool } from './client-tool.ts'
import { defineClient } from './client.ts'
import { defineContact } from './contact.ts'
import { defineConversation } from './conversation.ts'
import { defineIntegrationCall } from './integration-call.ts'
import { defineIntegrationEndpoint } from './integration-endpoint.ts'
import { defineKnowledgeChunk } from './knowledge-chunk.ts'
import { defineKnowledgeDocument } from './knowledge-document.ts'
import { defineMcpServer } from './mcp-server.ts'
import { defineMcpTool } from './mcp-tool.ts'
import { defineMessageReceipt } from './message-receipt.ts'
import { defineMessage } from './message.ts'
import { defineNode } from './node.ts'
import { defineRating } from './rating.ts'
import { defineSecretKey } from './secret-key.ts'
import { defineSession } from './session.ts'
import { defineToolConfirmation } from './tool-confirmation.ts'
import { defineToolExecution } from './tool-execution.ts'
import { defineTool } from './tool.ts'
import { defineTurnStep } from './turn-step.ts'
import { defineTurn } from './turn.ts'
import { defineUsageByModel } from './usage-by-model.ts'
import { defineVisitor } from './visitor.ts'

/** A model of every table, bound to one database: several databases in a process do not know of each other. */
export type Models = ReturnType<typeof bind>

/** Binds every model to a database and says how they belong together. Migrations own the tables: never `sync`. */
export function defineModels(sequelize: Sequelize): Models {
  const models = bind(sequelize)
  associate(models)
  return models
}

function bind(sequelize: Sequelize) {
  return {
    Admin: defineAdmin(sequelize),
    AdminSession: defineAdminSession(sequelize),
    ApiUsage: defineApiUsage(sequelize),
    AuditEntry: defineAuditEntry(sequelize),
    Client: defineClient(sequelize),
    ClientIntegration: defineClientIntegration(sequelize),
    ClientTool: defineClientTool(sequelize),
    Contact: defineContact(sequelize),
    Conversation: defineConversation(sequelize),
    IntegrationCall: defineIntegrationCall(sequelize),
    IntegrationEndpoint: defineIntegrationEndpoint(sequelize),
    KnowledgeChunk: defineKnowledgeChunk(sequelize),
    KnowledgeDocument: defineKnowledgeDocument(sequelize),
    McpServer: defineMcpServer(sequelize),
    McpTool: defineMcpTool(sequelize),
    Message: defineMessage(sequelize),
    MessageReceipt: defineMessageReceipt(sequelize),
    Node: defineNode(sequelize),
    Rating: defineRating(sequelize),
    SecretKey: defineSecretKey(sequelize),
    Session: defineSession(sequelize),
    Tool: defineTool(sequelize),
    ToolConfirmation: defineToolConfirmation(sequelize),
    ToolExecution: defineToolExecution(sequelize),
    Turn: defineTurn(sequelize),
    TurnStep: defineTurnStep(sequelize),
    UsageByModel: defineUsageByModel(sequelize),
    Visitor: defineVisitor(sequelize),
  }
}

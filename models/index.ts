import type { Sequelize } from 'sequelize'
import { defineAdminSession } from './admin-session.ts'
import { defineAdmin } from './admin.ts'
import { defineApiUsage } from './api-usage.ts'
import { defineArchiveKey } from './archive-key.ts'
import { associate } from './associations.ts'
import { defineAuditEntry } from './audit-entry.ts'
import { defineCannedReply } from './canned-reply.ts'
import { defineClientIntegration } from './client-integration.ts'
import { defineClientTool } from './client-tool.ts'
import { defineClient } from './client.ts'
import { defineContact } from './contact.ts'
import { defineConversationNote } from './conversation-note.ts'
import { defineConversation } from './conversation.ts'
import { defineErasedUsage } from './erased-usage.ts'
import { defineHeldMessage } from './held-message.ts'
import { defineIntegrationCall } from './integration-call.ts'
import { defineIntegrationEndpoint } from './integration-endpoint.ts'
import { defineKnowledgeChunk } from './knowledge-chunk.ts'
import { defineKnowledgeDocument } from './knowledge-document.ts'
import { defineLegalHold } from './legal-hold.ts'
import { defineMcpServer } from './mcp-server.ts'
import { defineMcpTool } from './mcp-tool.ts'
import { defineMessageReceipt } from './message-receipt.ts'
import { defineMessage } from './message.ts'
import { defineModelCall } from './model-call.ts'
import { defineNode } from './node.ts'
import { definePrivacyReceipt } from './privacy-receipt.ts'
import { defineRating } from './rating.ts'
import { defineRetentionRun } from './retention-run.ts'
import { defineSecretKey } from './secret-key.ts'
import { defineSession } from './session.ts'
import { defineTestChat } from './test-chat.ts'
import { defineToolConfirmation } from './tool-confirmation.ts'
import { defineToolExecution } from './tool-execution.ts'
import { defineToolTrial } from './tool-trial.ts'
import { defineTool } from './tool.ts'
import { defineTurnStep } from './turn-step.ts'
import { defineTurn } from './turn.ts'
import { defineUsageByModel } from './usage-by-model.ts'
import { defineUsageByTool } from './usage-by-tool.ts'
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
    ArchiveKey: defineArchiveKey(sequelize),
    AuditEntry: defineAuditEntry(sequelize),
    CannedReply: defineCannedReply(sequelize),
    Client: defineClient(sequelize),
    ClientIntegration: defineClientIntegration(sequelize),
    ClientTool: defineClientTool(sequelize),
    Contact: defineContact(sequelize),
    Conversation: defineConversation(sequelize),
    ErasedUsage: defineErasedUsage(sequelize),
    HeldMessage: defineHeldMessage(sequelize),
    ConversationNote: defineConversationNote(sequelize),
    IntegrationCall: defineIntegrationCall(sequelize),
    IntegrationEndpoint: defineIntegrationEndpoint(sequelize),
    KnowledgeChunk: defineKnowledgeChunk(sequelize),
    KnowledgeDocument: defineKnowledgeDocument(sequelize),
    LegalHold: defineLegalHold(sequelize),
    McpServer: defineMcpServer(sequelize),
    McpTool: defineMcpTool(sequelize),
    Message: defineMessage(sequelize),
    MessageReceipt: defineMessageReceipt(sequelize),
    ModelCall: defineModelCall(sequelize),
    Node: defineNode(sequelize),
    PrivacyReceipt: definePrivacyReceipt(sequelize),
    Rating: defineRating(sequelize),
    RetentionRun: defineRetentionRun(sequelize),
    SecretKey: defineSecretKey(sequelize),
    Session: defineSession(sequelize),
    TestChat: defineTestChat(sequelize),
    Tool: defineTool(sequelize),
    ToolConfirmation: defineToolConfirmation(sequelize),
    ToolExecution: defineToolExecution(sequelize),
    ToolTrial: defineToolTrial(sequelize),
    Turn: defineTurn(sequelize),
    TurnStep: defineTurnStep(sequelize),
    UsageByModel: defineUsageByModel(sequelize),
    UsageByTool: defineUsageByTool(sequelize),
    Visitor: defineVisitor(sequelize),
  }
}

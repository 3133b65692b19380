import type { Model, ModelStatic } from 'sequelize'
import type { Models } from './index.ts'

/** How the tables belong together, all in one place. The names are those under which `include` finds them. */
export function associate(models: Models): void {
  const { Admin, Client, ClientIntegration, ClientTool, Conversation, KnowledgeDocument, Session, Visitor } =
    models

  owns(Client, models.SecretKey, 'client_id', 'client', 'secretKeys')
  owns(Client, Visitor, 'client_id', 'client', 'visitors')
  owns(Client, Session, 'client_id', 'client', 'sessions')
  owns(Client, Admin, 'client_id', 'client', 'admins')
  owns(Client, Conversation, 'client_id', 'client', 'conversations')
  owns(Client, ClientTool, 'client_id', 'client', 'clientTools')
  owns(Client, ClientIntegration, 'client_id', 'client', 'integrations')
  owns(Client, KnowledgeDocument, 'client_id', 'client', 'documents')
  owns(Client, models.McpServer, 'client_id', 'client', 'mcpServers')
  owns(Client, models.Contact, 'client_id', 'client', 'contacts')
  owns(Client, models.Rating, 'client_id', 'client', 'ratings')
  owns(Client, models.AuditEntry, 'client_id', 'client', 'auditEntries')
  owns(Client, models.CannedReply, 'client_id', 'client', 'cannedReplies')
  owns(Client, models.ApiUsage, 'client_id', 'client', 'usage')
  owns(Client, models.UsageByModel, 'client_id', 'client', 'usageByModel')

  owns(Visitor, Session, 'visitor_id', 'visitor', 'sessions')
  owns(Visitor, models.Contact, 'visitor_id', 'visitor', 'contacts')
  owns(Session, Conversation, 'session_id', 'session', 'conversations')
  owns(Admin, models.AdminSession, 'admin_id', 'admin', 'sessions')

  owns(Conversation, models.Message, 'conversation_id', 'conversation', 'messages')
  owns(Conversation, models.MessageReceipt, 'conversation_id', 'conversation', 'receipts')
  owns(Conversation, models.Turn, 'conversation_id', 'conversation', 'turns')
  owns(Conversation, models.TurnStep, 'conversation_id', 'conversation', 'steps')
  owns(Conversation, models.ToolConfirmation, 'conversation_id', 'conversation', 'toolConfirmations')
  owns(Conversation, models.ToolExecution, 'conversation_id', 'conversation', 'toolExecutions')
  owns(Conversation, models.Contact, 'conversation_id', 'conversation', 'contacts')
  owns(Conversation, models.Rating, 'conversation_id', 'conversation', 'ratings')
  owns(Conversation, models.ConversationNote, 'conversation_id', 'conversation', 'notes')
  owns(Conversation, models.AuditEntry, 'conversation_id', 'conversation', 'auditEntries')

  owns(models.Tool, ClientTool, 'tool_id', 'tool', 'clientTools')
  owns(ClientIntegration, models.IntegrationEndpoint, 'integration_id', 'integration', 'endpoints')
  owns(ClientIntegration, models.IntegrationCall, 'integration_id', 'integration', 'calls')
  owns(models.McpServer, models.McpTool, 'server_id', 'server', 'tools')
  owns(KnowledgeDocument, models.KnowledgeChunk, 'document_id', 'document', 'chunks')

  Conversation.belongsTo(Admin, { foreignKey: 'agent_id', as: 'agent', constraints: false })
  Client.belongsToMany(models.Tool, {
    through: ClientTool,
    foreignKey: 'client_id',
    otherKey: 'tool_id',
    as: 'tools',
  })
}

/** Both ends of one foreign key. Constraints are the migrations' affair. */
function owns(
  owner: ModelStatic<Model>,
  owned: ModelStatic<Model>,
  foreignKey: string,
  one: string,
  many: string,
): void {
  owner.hasMany(owned, { foreignKey, as: many, constraints: false })
  owned.belongsTo(owner, { foreignKey, as: one, constraints: false })
}

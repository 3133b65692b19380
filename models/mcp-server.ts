import {
  DataTypes,
  Model,
  type CreationOptional,
  type InferAttributes,
  type InferCreationAttributes,
  type NonAttribute,
  type Sequelize,
} from 'sequelize'
import { databaseTime, idColumn, optional, PLAIN, required } from './columns.ts'
import type { McpTool } from './mcp-tool.ts'

/** A server of the Model Context Protocol that a client connected. */
export class McpServer extends Model<InferAttributes<McpServer>, InferCreationAttributes<McpServer>> {
  declare id: CreationOptional<string>
  declare client_id: string
  /** The client's own word for it; what it offers is named after it. */
  declare name: string
  declare url: string
  /** By which header the credential is sent; null: there is none. */
  declare credential_header: CreationOptional<string | null>
  /** The header's value, sealed. */
  declare credential: CreationOptional<string | null>
  /** Whether it is told who the visitor is. */
  declare tells_visitor: CreationOptional<boolean>
  declare enabled: CreationOptional<boolean>
  /** Of the protocol, as it was settled when it was last looked at. */
  declare revision: CreationOptional<string | null>
  declare looked_at: CreationOptional<Date | null>
  declare listed_at: CreationOptional<Date | null>
  /** Why the last look failed; null where it did not. */
  declare fault: CreationOptional<string | null>
  declare created_at: CreationOptional<Date>
  declare tools?: NonAttribute<McpTool[]>
}

export function defineMcpServer(sequelize: Sequelize): typeof McpServer {
  return class extends McpServer {}.init(
    {
      id: idColumn(),
      client_id: required(DataTypes.UUID),
      name: required(DataTypes.TEXT),
      url: required(DataTypes.TEXT),
      credential_header: optional(DataTypes.TEXT),
      credential: optional(DataTypes.TEXT),
      tells_visitor: required(DataTypes.BOOLEAN, false),
      enabled: required(DataTypes.BOOLEAN, true),
      revision: optional(DataTypes.TEXT),
      looked_at: optional(DataTypes.DATE),
      listed_at: optional(DataTypes.DATE),
      fault: optional(DataTypes.TEXT),
      created_at: databaseTime(),
    },
    { ...PLAIN, sequelize, modelName: 'McpServer', tableName: 'mcp_servers' },
  )
}

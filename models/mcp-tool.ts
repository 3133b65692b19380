import {
  DataTypes,
  Model,
  type CreationOptional,
  type InferAttributes,
  type InferCreationAttributes,
  type Sequelize,
} from 'sequelize'
import type { ToolPolicy } from './client-tool.ts'
import { idColumn, optional, PLAIN, required } from './columns.ts'

/** What is approved of a tool. */
export interface ApprovedDefinition {
  name: string
  description: string
  input_schema: Record<string, unknown>
  annotations: Record<string, unknown>
}

/** A tool that a server listed, and what a person has approved of it. */
export class McpTool extends Model<InferAttributes<McpTool>, InferCreationAttributes<McpTool>> {
  declare id: CreationOptional<string>
  declare server_id: string
  /** The server's name for it. */
  declare name: string
  declare description: string
  declare input_schema: Record<string, unknown>
  declare annotations: CreationOptional<Record<string, unknown>>
  /** SHA-256 of the definition as it was listed last. */
  declare hash: string
  /** False: the last listing had it no more. */
  declare listed: CreationOptional<boolean>
  declare approved: CreationOptional<ApprovedDefinition | null>
  /** Offered is only what has this very hash. */
  declare approved_hash: CreationOptional<string | null>
  declare approved_by: CreationOptional<string | null>
  declare approved_at: CreationOptional<Date | null>
  declare policy: CreationOptional<ToolPolicy>
  /** Whether the same call made twice does no harm. */
  declare idempotent: CreationOptional<boolean>
  /** What the visitor reads while it works; null: its name. */
  declare label: CreationOptional<string | null>
  declare enabled: CreationOptional<boolean>
}

export function defineMcpTool(sequelize: Sequelize): typeof McpTool {
  return class extends McpTool {}.init(
    {
      id: idColumn(),
      server_id: required(DataTypes.UUID),
      name: required(DataTypes.TEXT),
      description: required(DataTypes.TEXT),
      input_schema: required(DataTypes.JSONB),
      annotations: required(DataTypes.JSONB, {}),
      hash: required(DataTypes.TEXT),
      listed: required(DataTypes.BOOLEAN, true),
      approved: optional(DataTypes.JSONB),
      approved_hash: optional(DataTypes.TEXT),
      approved_by: optional(DataTypes.TEXT),
      approved_at: optional(DataTypes.DATE),
      policy: required(DataTypes.TEXT, 'confirm'),
      idempotent: required(DataTypes.BOOLEAN, false),
      label: optional(DataTypes.TEXT),
      enabled: required(DataTypes.BOOLEAN, true),
    },
    { ...PLAIN, sequelize, modelName: 'McpTool', tableName: 'mcp_tools' },
  )
}

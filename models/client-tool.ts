import {
  DataTypes,
  Model,
  type CreationOptional,
  type InferAttributes,
  type InferCreationAttributes,
  type NonAttribute,
  type Sequelize,
} from 'sequelize'
import { idColumn, optional, PLAIN, required } from './columns.ts'
import type { Tool } from './tool.ts'
import { updateWhile, type Within } from './update-while.ts'

/** `confirm`: the visitor is asked before it runs. */
export type ToolPolicy = 'read' | 'write' | 'confirm'

/** A tool of the catalogue as one client has set it up. */
export class ClientTool extends Model<InferAttributes<ClientTool>, InferCreationAttributes<ClientTool>> {
  declare id: CreationOptional<string>
  declare client_id: string
  declare tool_id: string
  declare enabled: CreationOptional<boolean>
  declare n8n_webhook_url: CreationOptional<string | null>
  /** What the visitor is told while it works; null: its name. */
  declare label: CreationOptional<string | null>
  declare custom_config: CreationOptional<Record<string, unknown>>
  declare policy: CreationOptional<ToolPolicy>
  /** Whether a call whose outcome is unknown may be made again. */
  declare idempotent: CreationOptional<boolean>
  declare tool?: NonAttribute<Tool>

  /** Offers it to the agent. False when it was offered already. */
  enable(within?: Within): Promise<boolean> {
    return updateWhile(this, { enabled: false }, { enabled: true }, within)
  }

  /** Takes it away from the agent. False when it was away already. */
  disable(within?: Within): Promise<boolean> {
    return updateWhile(this, { enabled: true }, { enabled: false }, within)
  }
}

export function defineClientTool(sequelize: Sequelize): typeof ClientTool {
  return class extends ClientTool {}.init(
    {
      id: idColumn(),
      client_id: required(DataTypes.UUID),
      tool_id: required(DataTypes.UUID),
      enabled: required(DataTypes.BOOLEAN, true),
      n8n_webhook_url: optional(DataTypes.TEXT),
      label: optional(DataTypes.TEXT),
      custom_config: required(DataTypes.JSONB, {}),
      policy: required(DataTypes.TEXT, 'read'),
      idempotent: required(DataTypes.BOOLEAN, false),
    },
    {
      ...PLAIN,
      sequelize,
      modelName: 'ClientTool',
      tableName: 'client_tools',
      scopes: { enabled: { where: { enabled: true } } },
    },
  )
}

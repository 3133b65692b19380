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

/** One thing that an integration can be asked. Names are unique in their integration. */
export class IntegrationEndpoint extends Model<
  InferAttributes<IntegrationEndpoint>,
  InferCreationAttributes<IntegrationEndpoint>
> {
  declare id: CreationOptional<string>
  declare integration_id: string
  declare endpoint_name: string
  /** Empty where what is asked is no URL. */
  declare endpoint_url: string
  declare method: CreationOptional<'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'>
  declare description: CreationOptional<string | null>
  declare parameters_schema: CreationOptional<Record<string, unknown>>
  /** The rest of what is asked, in the form of the integration's type. */
  declare request: CreationOptional<Record<string, unknown>>
  declare policy: CreationOptional<ToolPolicy>
  /** It tells of one visitor, who has to be proven. */
  declare personal: CreationOptional<boolean>
  /** What it returns may be written by anybody. */
  declare user_generated: CreationOptional<boolean>
  /** 0: its answers are not cached. */
  declare cache_seconds: CreationOptional<number>
  /** What the visitor reads while it works; null: its name. */
  declare label: CreationOptional<string | null>
}

export function defineIntegrationEndpoint(sequelize: Sequelize): typeof IntegrationEndpoint {
  return class extends IntegrationEndpoint {}.init(
    {
      id: idColumn(),
      integration_id: required(DataTypes.UUID),
      endpoint_name: required(DataTypes.TEXT),
      endpoint_url: required(DataTypes.TEXT),
      method: required(DataTypes.TEXT, 'GET'),
      description: optional(DataTypes.TEXT),
      parameters_schema: required(DataTypes.JSONB, { type: 'object' }),
      request: required(DataTypes.JSONB, {}),
      policy: required(DataTypes.TEXT, 'read'),
      personal: required(DataTypes.BOOLEAN, false),
      user_generated: required(DataTypes.BOOLEAN, false),
      cache_seconds: required(DataTypes.INTEGER, 0),
      label: optional(DataTypes.TEXT),
    },
    { ...PLAIN, sequelize, modelName: 'IntegrationEndpoint', tableName: 'integration_endpoints' },
  )
}

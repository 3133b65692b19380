import {
  DataTypes,
  Model,
  type CreationOptional,
  type InferAttributes,
  type InferCreationAttributes,
  type Sequelize,
} from 'sequelize'
import { idColumn, optional, PLAIN, required } from './columns.ts'

/** One thing that an integration can be asked. Names are unique in their integration. */
export class IntegrationEndpoint extends Model<
  InferAttributes<IntegrationEndpoint>,
  InferCreationAttributes<IntegrationEndpoint>
> {
  declare id: CreationOptional<string>
  declare integration_id: string
  declare endpoint_name: string
  declare endpoint_url: string
  declare method: CreationOptional<'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'>
  declare description: CreationOptional<string | null>
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
    },
    { ...PLAIN, sequelize, modelName: 'IntegrationEndpoint', tableName: 'integration_endpoints' },
  )
}

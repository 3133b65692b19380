import {
  DataTypes,
  Model,
  type CreationOptional,
  type InferAttributes,
  type InferCreationAttributes,
  type Sequelize,
} from 'sequelize'
import { databaseTime, idColumn, PLAIN, required } from './columns.ts'

/** One row of the catalogue that all clients choose from. */
export class Tool extends Model<InferAttributes<Tool>, InferCreationAttributes<Tool>> {
  declare id: CreationOptional<string>
  declare tool_name: string
  declare description: string
  /** JSON Schema of an object. */
  declare parameters_schema: Record<string, unknown>
  declare category: CreationOptional<string>
  declare created_at: CreationOptional<Date>
}

export function defineTool(sequelize: Sequelize): typeof Tool {
  return class extends Tool {}.init(
    {
      id: idColumn(),
      tool_name: required(DataTypes.TEXT),
      description: required(DataTypes.TEXT),
      parameters_schema: required(DataTypes.JSONB),
      category: required(DataTypes.TEXT, 'general'),
      created_at: databaseTime(),
    },
    {
      ...PLAIN,
      sequelize,
      modelName: 'Tool',
      tableName: 'tools',
      scopes: { inCategory: (category: string) => ({ where: { category } }) },
    },
  )
}

import {
  DataTypes,
  Model,
  type CreationOptional,
  type InferAttributes,
  type InferCreationAttributes,
  type Sequelize,
} from 'sequelize'
import { databaseTime, idColumn, optional, PLAIN, required } from './columns.ts'

/** One pass of retention and what it did; while it runs, `seen_at` is its sign of life. */
export class RetentionRun extends Model<
  InferAttributes<RetentionRun>,
  InferCreationAttributes<RetentionRun>
> {
  declare id: CreationOptional<string>
  declare state: CreationOptional<'running' | 'done' | 'failed' | 'lost'>
  declare dry_run: CreationOptional<boolean>
  declare host: string
  declare started_at: CreationOptional<Date>
  declare seen_at: CreationOptional<Date>
  declare finished_at: CreationOptional<Date | null>
  /** How many of what were removed, by the names of `server/jobs`. */
  declare counts: CreationOptional<Record<string, number>>
  /** Days of messages that were dropped whole, `YYYY-MM-DD`. */
  declare partitions: CreationOptional<string[]>
  declare fault: CreationOptional<string | null>
}

export function defineRetentionRun(sequelize: Sequelize): typeof RetentionRun {
  return class extends RetentionRun {}.init(
    {
      id: idColumn(),
      state: required(DataTypes.TEXT, 'running'),
      dry_run: required(DataTypes.BOOLEAN, false),
      host: required(DataTypes.TEXT),
      started_at: databaseTime(),
      seen_at: databaseTime(),
      finished_at: optional(DataTypes.DATE),
      counts: required(DataTypes.JSONB, {}),
      partitions: required(DataTypes.ARRAY(DataTypes.TEXT), []),
      fault: optional(DataTypes.TEXT),
    },
    { ...PLAIN, sequelize, modelName: 'RetentionRun', tableName: 'retention_runs' },
  )
}

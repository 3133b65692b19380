import { DataTypes, Sequelize } from 'sequelize'

/** The id of a row, made here rather than by the database, so that it is known before the row is saved. */
export function idColumn() {
  return { type: DataTypes.UUID, primaryKey: true, allowNull: false, defaultValue: DataTypes.UUIDV4 } as const
}

/** A column that always has a value; `value` is the database's own default, where there is one. */
export function required<Type extends object | string>(type: Type, value?: unknown) {
  return value === undefined ? { type, allowNull: false } : { type, allowNull: false, defaultValue: value }
}

export function optional<Type extends object | string>(type: Type) {
  return { type, allowNull: true }
}

/** A moment that the database's clock gives when the row is made: nodes' clocks differ. */
export function databaseTime() {
  return { type: DataTypes.DATE, allowNull: false, defaultValue: Sequelize.fn('clock_timestamp') }
}

/** Options of every table: names are the migrations' own, and no column is kept that they do not know. */
export const PLAIN = { underscored: true, timestamps: false } as const

/** As `PLAIN`, with `created_at` and `updated_at`. */
export const DATED = {
  underscored: true,
  timestamps: true,
  createdAt: 'created_at',
  updatedAt: 'updated_at',
} as const

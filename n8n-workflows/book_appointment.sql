-- The calls that book_appointment has seen: one row for each idempotency key, made before anything is booked.
CREATE TABLE IF NOT EXISTS parlor_calls (
  key text PRIMARY KEY,
  begun_at timestamptz NOT NULL DEFAULT now(),
  -- How often the call came.
  times integer NOT NULL DEFAULT 1,
  -- What it was answered. Null while nobody knows what came of it.
  status integer,
  answer json
);

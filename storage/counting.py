"""How the `counters` table moves, on either engine: a running total grows, a watermark is set."""

COUNT = (
    'INSERT INTO "counters" (name, value) VALUES (?, ?) '
    "ON CONFLICT (name) DO UPDATE SET value = counters.value + excluded.value"
)
MARK = 'INSERT INTO "counters" (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value'

"""The portfolio of the benchmarks: customers of thirty columns and four payments each, the same for the same size."""

from __future__ import annotations

from pathlib import Path

import duckdb

CUSTOMERS = """
copy (
    select
        id as customer_id,
        18 + draw(id, 1) % 80 as age,
        case when draw(id, 2) % 20 > 0 then ((draw(id, 3) % 15000000) / 100)::decimal(18, 2) end as income,
        case when draw(id, 4) % 12 > 0 then 300 + (draw(id, 5) % 276) + (draw(id, 6) % 275) end as credit_score,
        case when draw(id, 7) % 15 > 0 then (draw(id, 8) % 1000000) / 1e6 end as utilisation,
        case when draw(id, 9) % 10 > 0 then (draw(id, 10) % 700000) / 1e6 end as debt_to_income,
        ['app', 'web', 'branch', 'phone'][1 + draw(id, 11) % 4] as channel,
        ['north', 'east', 'south', 'west'][1 + draw(id, 12) % 4] as region,
        date '2010-01-01' + (draw(id, 13) % 6000)::integer as opened_on,
        pow((draw(id, 14) % 1000000) / 1e6, 6) as fraud_probability,
        1 + draw(id, 15) % 5 as products,
        draw(id, 16) % 60 as logins_90d,
        draw(id, 17) % 6 as complaints,
        draw(id, 18) % 40 = 0 as hardship_plan,
        ((draw(id, 19) % 9000000) / 100)::decimal(18, 2) as savings,
        draw(id, 20) % 200 as tenure_months,
        {more}
    from range({size}) as t(id)
) to '{folder}/customers.parquet' (format parquet)
"""
PAYMENTS = """
copy (
    select
        draw(n, 31) % {size} as customer_id,
        date '2024-09-01' + (draw(n, 32) % 760)::integer as paid_on,
        ((draw(n, 33) % 90000) / 100)::decimal(18, 2) as amount,
        case when draw(n, 34) % 4 = 0 then draw(n, 35) % 120 else 0 end as days_late
    from range({size} * 4) as t(n)
) to '{folder}/payments.parquet' (format parquet)
"""
DRAW = "create macro draw(n, salt) as (hash(n * 64 + salt) >> 16)::bigint"


def make_portfolio(folder: Path, size: int) -> None:
    """Write `customers.parquet` (`size` rows, thirty columns) and `payments.parquet` (4 × `size` rows, in no order)."""
    folder.mkdir(parents=True, exist_ok=True)
    connection = duckdb.connect()
    connection.execute(DRAW)
    more = ", ".join(f"draw(id, {40 + n}) % 1000 as other_{n}" for n in range(14))
    connection.execute(CUSTOMERS.format(folder=folder, size=size, more=more))
    connection.execute(PAYMENTS.format(folder=folder, size=size))

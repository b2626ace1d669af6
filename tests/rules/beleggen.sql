-- The segments of rules/beleggen as of 2026-09-01, written by hand from the rule files and not from any output.
-- One row a customer: klantnummer, the clauses of `beleggers` and `zorg`, the audiences in the order of the file.

WITH gehandeld AS (
  SELECT klantnummer,
    count(*) FILTER (uitgevoerd_op >= TIMESTAMP '2026-06-02') AS orders_3m,
    count(*) FILTER (uitgevoerd_op >= TIMESTAMP '2024-09-02') AS orders_24m,
    count(*) FILTER (uitgevoerd_op >= TIMESTAMP '2026-06-02' AND product IN ('optie', 'turbo')) AS complex,
    count(*) FILTER (uitgevoerd_op >= TIMESTAMP '2025-09-02' AND kanaal = 'app') AS app_orders,
    max(uitgevoerd_op)::DATE AS laatste
  FROM orders WHERE uitgevoerd_op < TIMESTAMP '2026-09-02' GROUP BY klantnummer
),
ingelogd AS (
  SELECT klantnummer, count(*) AS logins_12m,
    count(*) FILTER (ingelogd_op >= TIMESTAMP '2026-06-02' AND kanaal = 'app') AS app_logins
  FROM logins WHERE ingelogd_op >= TIMESTAMP '2025-09-02' AND ingelogd_op < TIMESTAMP '2026-09-02'
  GROUP BY klantnummer
),
gestort AS (
  SELECT klantnummer, sum(bedrag) AS gestort_12m,
    count(*) FILTER (periodiek AND gestort_op > DATE '2026-07-01') AS periodiek_2m
  FROM stortingen WHERE gestort_op > DATE '2025-09-01' AND gestort_op <= DATE '2026-09-01' GROUP BY klantnummer
),
gegroeid AS (
  SELECT klantnummer, regr_slope(waarde::DOUBLE, stand_op - DATE '2026-01-01') AS groei
  FROM standen WHERE stand_op > DATE '2025-09-01' AND stand_op <= DATE '2026-09-01'
  GROUP BY klantnummer HAVING count(*) > 1
),
bezit AS (
  SELECT klantnummer, sum(waarde) AS vermogen,
    count(*) FILTER (soort = 'kinderrekening') AS kinder, count(*) FILTER (soort = 'pensioenrekening') AS pensioen
  FROM rekeningen WHERE status = 'open' GROUP BY klantnummer
),
feiten AS (
  SELECT k.*, coalesce(orders_3m, 0) AS orders_3m, coalesce(orders_24m, 0) AS orders_24m,
    coalesce(complex, 0) AS complex, coalesce(app_orders, 0) AS app_orders, laatste,
    coalesce(logins_12m, 0) AS logins_12m, coalesce(app_logins, 0) AS app_logins,
    coalesce(gestort_12m, 0) AS gestort_12m, coalesce(periodiek_2m, 0) > 0 AS spaarplan, groei,
    coalesce(vermogen, 0) AS vermogen, coalesce(kinder, 0) > 0 AS kinder, coalesce(pensioen, 0) > 0 AS pensioen,
    date_part('year', age(DATE '2026-09-01', klant_sinds)) AS jaren,
    niet_bellen, laatst_benaderd_op
  FROM klanten AS k
  LEFT JOIN gehandeld USING (klantnummer)
  LEFT JOIN ingelogd USING (klantnummer)
  LEFT JOIN gestort USING (klantnummer)
  LEFT JOIN gegroeid USING (klantnummer)
  LEFT JOIN bezit USING (klantnummer)
  LEFT JOIN voorkeuren USING (klantnummer)
),
beslist AS (
  SELECT *, CASE
      WHEN vermogen = 0 THEN 1
      WHEN orders_24m = 0 AND logins_12m = 0 AND jaren >= 1 THEN 2
      WHEN leeftijd BETWEEN 25 AND 34 AND kanaal = 'app' AND (app_logins >= 5 OR app_orders >= 3) THEN 3
      WHEN leeftijd BETWEEN 35 AND 54 AND inkomen BETWEEN 30000 AND 90000
        AND (kinder OR spaarplan OR huishouden = 'gezin met kinderen') THEN 4
      WHEN leeftijd >= 55 AND vermogen >= 50000 AND (jaren >= 3 OR orders_24m >= 24) THEN 5
      WHEN vermogen >= 50000 THEN 6
      WHEN orders_3m >= 6 THEN 7
      WHEN jaren < 1 THEN 8
      WHEN spaarplan THEN 9
      WHEN gestort_12m >= 2400 AND orders_3m <= 1 THEN 10
      ELSE 11
    END AS soort,
    CASE
      WHEN complex >= 3 AND risicoprofiel IN ('voorzichtig', 'gematigd') THEN 1
      WHEN complex >= 1 AND financiële_kennis <= 3 THEN 2
      WHEN risicoprofiel IS NULL AND orders_24m > 0 THEN 3
      ELSE 4
    END AS zorg
  FROM feiten
),
benaderbaar AS (
  SELECT *, coalesce(toestemming_marketing, false) AND NOT coalesce(niet_bellen, false) AND klachten = 0
    AND soort NOT IN (1, 2)
    AND (laatst_benaderd_op IS NULL OR DATE '2026-09-01' - laatst_benaderd_op > 30) AS mag
  FROM beslist
)
SELECT klantnummer, soort, zorg, list_filter([
    CASE WHEN mag AND soort IN (3, 8) AND NOT spaarplan THEN 'automatisch_beleggen' END,
    CASE WHEN mag AND soort = 4 AND NOT kinder THEN 'voor_de_kinderen' END,
    CASE WHEN mag AND leeftijd BETWEEN 35 AND 62 AND inkomen >= 40000 AND NOT pensioen THEN 'pensioen' END,
    CASE WHEN mag AND ((soort = 5 AND groei < 0) OR (soort IN (5, 6) AND DATE '2026-09-01' - laatste > 180))
         THEN 'vermogensgesprek' END,
    CASE WHEN mag AND soort = 3 AND app_logins >= 10 THEN 'vriend_werven' END
  ], lambda doelgroep: doelgroep IS NOT NULL)[1:2] AS campagnes
FROM benaderbaar

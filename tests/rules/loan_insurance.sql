-- The segments of rules/loan_insurance as of 2026-09-01, written by hand from the rule files and not from any output.
-- One row a borrower: customer_id, the number of the clause of `care`, messages and offers in the order of the file.

WITH paid_in AS (
  SELECT customer_id, sum(amount) AS premium FROM premiums
  WHERE booked_on > DATE '2024-09-01' AND booked_on <= DATE '2026-09-01' GROUP BY customer_id
),
paid_out AS (
  SELECT customer_id, sum(amount) FILTER (paid_on > DATE '2024-09-01') AS benefit,
    count(*) FILTER (paid_on > DATE '2026-07-18') AS recent
  FROM benefits WHERE paid_on <= DATE '2026-09-01' GROUP BY customer_id
),
claimed AS (
  SELECT customer_id, count(*) AS claims_36m,
    count(*) FILTER (reported_on > DATE '2025-09-01') AS claims_12m,
    count(*) FILTER (days_insured <= 60) AS early,
    max(reported_on) - min(reported_on) AS spread
  FROM claims
  WHERE reported_on > DATE '2023-09-01' AND reported_on <= DATE '2026-09-01' AND registered_on <= DATE '2026-09-01'
  GROUP BY customer_id
),
paid_late AS (
  SELECT customer_id, count(*) FILTER (paid_on > DATE '2026-06-01') AS late_3m,
    count(*) FILTER (paid_on <= DATE '2026-06-01') AS late_before
  FROM instalments
  WHERE days_late > 7 AND paid_on > DATE '2026-03-01' AND paid_on <= DATE '2026-09-01' GROUP BY customer_id
),
pulls AS (
  SELECT customer_id, regr_slope(score, pulled_on - DATE '2026-01-01') * 30.4375 AS slope
  FROM bureau_pulls
  WHERE pulled_on > DATE '2025-03-01' AND pulled_on <= DATE '2026-09-01' AND received_on <= DATE '2026-09-01'
  GROUP BY customer_id HAVING count(DISTINCT pulled_on) > 1
),
covers AS (
  SELECT customer_id, count(*) AS covers,
    count(*) FILTER (insured_sum > 2 * loan_balance AND monthly_premium > 0) AS oversized,
    -- six months and more ago is the first of March
    count(*) FILTER (kind = 'unemployment' AND started_on <= DATE '2026-03-01') AS for_unemployment
  FROM policies JOIN customers USING (customer_id) WHERE status = 'in force' GROUP BY customer_id
),
facts AS (
  SELECT c.*, coalesce(premium, 0) AS premium, coalesce(benefit, 0) AS benefit, coalesce(recent, 0) > 0 AS on_benefit,
    coalesce(claims_12m, 0) AS claims_12m, coalesce(claims_36m, 0) AS claims_36m, coalesce(early, 0) AS early, spread,
    coalesce(late_3m, 0) AS late_3m, coalesce(late_before, 0) AS late_before, slope,
    coalesce(covers, 0) AS covers, coalesce(oversized, 0) AS oversized,
    coalesce(for_unemployment, 0) AS for_unemployment,
    -- as of the first of a month a month is not over where it began later than on the first
    datediff('month', insured_since, DATE '2026-09-01') - CASE WHEN day(insured_since) > 1 THEN 1 ELSE 0 END AS tenure
  FROM customers AS c
  LEFT JOIN paid_in USING (customer_id)
  LEFT JOIN paid_out USING (customer_id)
  LEFT JOIN claimed USING (customer_id)
  LEFT JOIN paid_late USING (customer_id)
  LEFT JOIN pulls USING (customer_id)
  LEFT JOIN covers USING (customer_id)
),
decided AS (
  SELECT *, CASE
      WHEN fraud_propensity >= 0.7 AND claims_12m >= 1 THEN 1
      WHEN early >= 2 THEN 2
      WHEN on_benefit THEN 3
      WHEN late_3m >= 2 THEN 4
      WHEN late_3m > late_before AND slope < 0 THEN 5
      WHEN slope <= -5 AND loan_balance > 0 THEN 6
      WHEN claims_36m >= 3 AND spread <= 180 * (claims_36m - 1) THEN 7
      WHEN covers > 0 AND premium < 100 AND tenure >= 6 THEN 8
      WHEN premium >= 100 AND benefit >= 2 * premium THEN 9
      WHEN covers = 0 THEN 10
      WHEN tenure < 12 THEN 11
      WHEN premium >= 100 AND benefit * 5 <= premium AND claims_36m = 0 THEN 12
      ELSE 13
    END AS clause,
    coalesce(marketing_consent, false) AND complaints = 0 AND late_3m = 0 AND NOT on_benefit
      AND (slope IS NULL OR slope > -5) AS may_be_offered
  FROM facts
)
SELECT customer_id, clause,
  list_filter([
    CASE WHEN clause IN (4, 5, 6) AND complaints = 0 THEN 'offer_help' END,
    CASE WHEN oversized > 0 THEN 'still_needed' END,
    CASE WHEN employment = 'unemployed' AND claims_12m = 0 AND for_unemployment > 0 THEN 'claim_reminder' END
  ], lambda message: message IS NOT NULL) AS messages,
  list_filter([
    CASE WHEN may_be_offered AND covers = 1 AND loan_balance >= 5000 AND age <= 60 THEN 'second_cover' END,
    CASE WHEN may_be_offered AND covers >= 1 AND tenure >= 36 AND claims_36m = 0 THEN 'thank_you' END
  ], lambda offer: offer IS NOT NULL) AS offers
FROM decided

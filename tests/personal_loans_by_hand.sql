-- The segments of rules/personal_loans as of 2026-09-01, written by hand from the rule files and not from any output.
-- Views of the files' names are there. One row a borrower: customer_id, segment, number of the clause that decides,
-- campaigns in the order of the file. Dates are written out: 2026-06-03 is 90 days before the as-of date.

WITH paid AS (
  SELECT customer_id,
    count(*) FILTER (days_late > 30 AND paid_on > DATE '2026-06-03') AS late_recent,
    max(days_late) FILTER (paid_on > DATE '2025-09-01') AS worst_delay,
    count(*) FILTER (days_late > 90 AND paid_on > DATE '2026-03-01') AS very_late,
    sum(amount) FILTER (paid_on > DATE '2026-03-01') AS paid_6m,
    sum(amount) FILTER (paid_on > DATE '2025-09-01' AND paid_on <= DATE '2026-03-01') AS paid_before,
    median(amount::DOUBLE) FILTER (paid_on > DATE '2025-09-01') AS usual_amount,
    count(*) FILTER (paid_on > DATE '2025-09-01') AS payments_12m,
    max(paid_on) AS last_paid
  FROM payments WHERE paid_on <= DATE '2026-09-01' GROUP BY customer_id
),
pulls AS (
  SELECT customer_id,
    regr_slope(score, pulled_on - DATE '2026-01-01') FILTER (pulled_on > DATE '2025-03-01') * 30.4375 AS slope,
    count(DISTINCT pulled_on) FILTER (pulled_on > DATE '2025-03-01') AS distinct_days,
    arg_max(score, pulled_on) AS latest_score
  FROM bureau_pulls
  WHERE score <> 0 AND pulled_on <= DATE '2026-09-01' AND received_on <= DATE '2026-09-01' GROUP BY customer_id
),
visits AS (
  SELECT customer_id, count(*) AS logins_12m, count(DISTINCT channel) AS ways_in,
    count(*) FILTER (logged_in_at >= TIMESTAMP '2026-03-02') AS logins_6m
  FROM logins WHERE logged_in_at >= TIMESTAMP '2025-09-02' AND logged_in_at < TIMESTAMP '2026-09-02'
  GROUP BY customer_id
),
answers AS (
  SELECT customer_id, arg_max(nps, answered_on) AS last_nps FROM surveys
  WHERE nps IS NOT NULL AND received_on <= DATE '2026-09-01'
    AND answered_on > DATE '2025-09-01' AND answered_on <= DATE '2026-09-01'
  GROUP BY customer_id
),
loans AS (
  SELECT customer_id, count(*) FILTER (status = 'open') AS open_loans,
    coalesce(sum(balance) FILTER (status = 'open'), 0) AS open_balance,
    count(*) FILTER (status = 'written off') AS lost
  FROM accounts GROUP BY customer_id
),
facts AS (
  SELECT c.customer_id, c.channel, c.utilisation, c.fraud_probability, c.hardship_plan, c.age, c.email, c.employment, c.products,
    c.marketing_consent, crm.do_not_call, crm.complaints,
    CASE WHEN c.credit_score NOT IN (0, 999) THEN c.credit_score END AS score,
    coalesce(late_recent, 0) AS late_recent, coalesce(worst_delay, 0) AS worst_delay,
    coalesce(very_late, 0) > 0 AS very_late,
    coalesce(paid_6m, 0) AS paid_6m, coalesce(paid_before, 0) AS paid_before, usual_amount,
    coalesce(payments_12m, 0) AS payments_12m, last_paid,
    CASE WHEN distinct_days >= 2 THEN slope END AS score_trend, latest_score,
    coalesce(logins_12m, 0) AS logins_12m, coalesce(logins_6m, 0) AS logins_6m, coalesce(ways_in, 0) AS ways_in,
    last_nps,
    coalesce(open_loans, 0) AS open_loans, coalesce(open_balance, 0) AS open_balance, coalesce(lost, 0) > 0 AS lost_loan,
    -- as of the first of a month a month is not over where it began later than on the first
    datediff('month', c.opened_on, DATE '2026-09-01') - CASE WHEN day(c.opened_on) > 1 THEN 1 ELSE 0 END AS tenure
  FROM customers AS c
  LEFT JOIN crm USING (customer_id)
  LEFT JOIN paid USING (customer_id)
  LEFT JOIN pulls USING (customer_id)
  LEFT JOIN visits USING (customer_id)
  LEFT JOIN answers USING (customer_id)
  LEFT JOIN loans USING (customer_id)
),
decided AS (
  SELECT *, CASE
      WHEN fraud_probability > 0.8 THEN 1
      WHEN lost_loan THEN 2
      WHEN very_late THEN 3
      WHEN hardship_plan = 'Y' THEN 4
      WHEN late_recent >= 1 AND open_loans <> 0 THEN 5
      WHEN score_trend <= -6 AND utilisation >= 0.6 AND open_loans > 0 THEN 6
      WHEN paid_6m * 2 < paid_before AND worst_delay > 0 AND open_loans > 0 THEN 7
      WHEN open_loans = 0 AND payments_12m = 0 AND logins_12m = 0 AND tenure >= 12 THEN 8
      WHEN score >= 720 AND utilisation < 0.3 AND channel IN ('app', 'web') AND late_recent = 0 THEN 9
      WHEN score >= 720 AND late_recent = 0 THEN 10
      WHEN score IS NULL AND NOT coalesce(latest_score >= 620, false) THEN 11
      WHEN score < 620 AND worst_delay <= 60 AND (open_balance < 15000 OR tenure >= 24) THEN 12
      ELSE 13
    END AS clause
  FROM facts
),
named AS (
  SELECT *, CASE
      WHEN clause = 1 THEN 'fraud_watch' WHEN clause IN (2, 3) THEN 'recovery' WHEN clause = 4 THEN 'hardship'
      WHEN clause IN (5, 6, 7) THEN 'early_help' WHEN clause = 8 THEN 'dormant' WHEN clause = 9 THEN 'prime_digital'
      WHEN clause = 10 THEN 'prime' WHEN clause = 11 THEN 'thin_file' WHEN clause = 12 THEN 'subprime'
      ELSE 'standard' END AS segment,
    coalesce(marketing_consent, false) AND NOT coalesce(do_not_call, false) AS may_approach
  FROM decided
)
SELECT customer_id, segment, clause, list_filter([
    CASE WHEN may_approach AND segment = 'prime_digital' AND products < 2 THEN 'cross_sell' END,
    CASE WHEN may_approach AND DATE '2026-09-01' - last_paid > 60 AND open_loans = 0
          AND segment NOT IN ('fraud_watch', 'recovery', 'hardship', 'early_help') THEN 'win_back' END,
    CASE WHEN may_approach AND segment IN ('prime_digital', 'prime') AND open_loans > 0 AND usual_amount >= 200
          AND employment NOT IN ('n/a', 'student', 'unemployed') AND coalesce(complaints, 0) = 0 THEN 'top_up' END,
    CASE WHEN may_approach AND channel IN ('branch', 'phone') AND ways_in <= 1 AND email IS NOT NULL AND age <= 80
         THEN 'go_digital' END,
    CASE WHEN may_approach AND last_nps <= 6 AND logins_6m >= 1 AND segment <> 'recovery' THEN 'ask_why' END
  ], lambda campaign: campaign IS NOT NULL) AS campaigns
FROM named
ORDER BY customer_id

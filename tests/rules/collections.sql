-- The buckets and treatments of rules/collections at one month-end, written by hand from the rule files and not from any
-- output. One row a loan: loan_id, the number of the clause of `bucket`, the bucket, the treatment. The table `before`
-- (loan_id, bucket) is what the month-end before said; the dates of a month-end stand in the view `dates`: this_end,
-- month_start and quarter_start, the last of which are the month-ends one and three months before.

WITH looked_back AS (
  SELECT loan_id, max(days_past_due) AS worst FROM month_ends, dates
  WHERE state_on > quarter_start AND state_on <= this_end GROUP BY loan_id
),
paid AS (
  SELECT loan_id, sum(amount) AS paid FROM payments, dates
  WHERE paid_on > month_start AND paid_on <= this_end GROUP BY loan_id
),
spoken AS (
  SELECT loan_id, count(*) FILTER (contacted_on > month_start) AS contacts,
    bool_or(reached AND contacted_on > month_start) AS spoken,
    count(*) FILTER (by_what = 'letter') AS letters
  FROM contacts, dates WHERE contacted_on > quarter_start AND contacted_on <= this_end GROUP BY loan_id
),
facts AS (
  SELECT m.*, worst, before.bucket AS was, coalesce(paid, 0) AS paid, coalesce(contacts, 0) AS contacts,
    coalesce(spoken, false) AS spoken, coalesce(letters, 0) AS letters, this_end - promise_for AS since_promise
  FROM month_ends AS m JOIN dates ON state_on = this_end
  LEFT JOIN looked_back USING (loan_id)
  LEFT JOIN paid USING (loan_id)
  LEFT JOIN spoken USING (loan_id)
  LEFT JOIN before USING (loan_id)
),
placed AS (
  SELECT *, CASE
      WHEN days_past_due >= 90 THEN 1
      WHEN was = 'in_default' AND worst > 0 THEN 2
      WHEN days_past_due >= 30 THEN 3
      WHEN was IN ('late', 'in_default') AND days_past_due >= 10 THEN 4
      WHEN days_past_due >= 5 THEN 5
      WHEN was IN ('early', 'late', 'in_default') AND days_past_due > 0 THEN 6
      WHEN was IN ('late', 'in_default') THEN 7
      ELSE 8 END AS clause
  FROM facts
),
named AS (
  SELECT *, ['in_default', 'in_default', 'late', 'late', 'early', 'early', 'recovered', 'regular'][clause] AS bucket
  FROM placed
)
SELECT loan_id, clause, bucket, CASE
    WHEN bucket IN ('regular', 'recovered') THEN 'none'
    WHEN disputed THEN 'dispute'
    WHEN arrangement THEN 'arranged'
    WHEN since_promise < 0 THEN 'promised'
    WHEN since_promise >= 3 AND paid < instalment THEN 'broken_promise'
    WHEN bucket = 'in_default' AND letters >= 2 AND arrears >= 500 THEN 'legal'
    WHEN bucket IN ('late', 'in_default') AND contacts < 4 AND NOT spoken THEN 'call'
    WHEN bucket IN ('late', 'in_default') OR letters = 0 THEN 'letter'
    ELSE 'wait' END AS treatment
FROM named

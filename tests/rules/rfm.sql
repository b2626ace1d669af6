-- The segments of rules/rfm as of 2026-09-01, written by hand from the rule files and not from any output.
-- rank() counts from 1 the rows that are strictly lower, so the fifth of a value is 1 + 5 * (rank - 1) div n.

WITH bought AS (
  SELECT customer_id, max(ordered_on) FILTER (amount > 0) AS last_order,
    count(*) FILTER (amount > 0 AND ordered_on > DATE '2024-09-01') AS frequency,
    sum(amount) FILTER (ordered_on > DATE '2024-09-01') AS monetary
  FROM orders WHERE ordered_on <= DATE '2026-09-01' GROUP BY customer_id
),
approached AS (
  SELECT customer_id, count(*) AS contacts_3m, max(contacted_on) AS last_contact
  FROM contacts WHERE contacted_on > DATE '2026-06-01' AND contacted_on <= DATE '2026-09-01' GROUP BY customer_id
),
facts AS (
  SELECT c.customer_id, email, marketing_consent, do_not_call, do_not_mail, complaints, last_order, contacts_3m,
    last_contact, coalesce(frequency, 0) AS frequency, coalesce(monetary, 0) AS monetary,
    DATE '2026-09-01' - last_order AS recency
  FROM customers AS c
  LEFT JOIN bought USING (customer_id)
  LEFT JOIN approached USING (customer_id)
  LEFT JOIN preferences USING (customer_id)
),
ranked AS (
  SELECT *, count(*) OVER () AS everybody, count(recency) OVER () AS buyers,
    rank() OVER (ORDER BY recency NULLS LAST) - 1 AS more_recent,
    rank() OVER (ORDER BY frequency) - 1 AS less_often,
    rank() OVER (ORDER BY monetary) - 1 AS spend_less,
    rank() OVER (ORDER BY monetary DESC) - 1 AS spend_more
  FROM facts
),
fifths AS (
  SELECT *, CASE WHEN recency IS NOT NULL THEN 5 - (5 * more_recent) // buyers END AS r,
    1 + (5 * less_often) // everybody AS f, 1 + (5 * spend_less) // everybody AS m
  FROM ranked
),
decided AS (
  SELECT *, CASE
      WHEN last_order IS NULL THEN 'never'
      WHEN frequency = 0 THEN 'lapsed'
      WHEN r >= 4 AND f = 5 AND m = 5 THEN 'champions'
      WHEN 10 * spend_more < everybody AND r >= 3 THEN 'big_spenders'
      WHEN r >= 3 AND f >= 4 THEN 'loyal'
      WHEN frequency = 1 AND recency <= 60 THEN 'new'
      WHEN r = 5 THEN 'promising'
      WHEN r <= 2 AND (f >= 4 OR m >= 4) THEN 'at_risk'
      WHEN r <= 2 THEN 'asleep'
      ELSE 'regular' END AS rfm,
    CASE
      WHEN complaints > 0 THEN 'complaint'
      WHEN last_contact > DATE '2026-08-18' THEN 'recently'
      WHEN contacts_3m >= 6 THEN 'enough_for_now'
      ELSE 'open' END AS contact
  FROM fifths
)
SELECT customer_id, rfm, contact, list_filter(CASE WHEN marketing_consent AND contact = 'open' THEN [
    CASE WHEN rfm IN ('champions', 'big_spenders') AND do_not_call IS NOT TRUE THEN 'vip_call' END,
    CASE WHEN rfm IN ('champions', 'loyal') AND email IS NOT NULL AND do_not_mail IS NOT TRUE THEN 'early_access' END,
    CASE WHEN rfm = 'new' AND email IS NOT NULL AND do_not_mail IS NOT TRUE THEN 'second_order' END,
    CASE WHEN rfm = 'at_risk' AND email IS NOT NULL AND do_not_mail IS NOT TRUE THEN 'win_back_mail' END,
    CASE WHEN rfm = 'at_risk' AND 5 * spend_more < everybody AND do_not_call IS NOT TRUE THEN 'win_back_call' END
  ] ELSE [] END, lambda audience: audience IS NOT NULL) AS audiences
FROM decided

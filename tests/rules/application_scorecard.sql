-- The answers of rules/application_scorecard, written by hand from the rule files and not from any output. One row an
-- application: application_id, the points lost in each characteristic, score, outcome, number of the clause, conditions.

WITH lost AS (
  SELECT a.*, wanted, why, authority,
    160 - CASE WHEN bureau_score = 0 THEN 60 WHEN bureau_score < 560 THEN 0 WHEN bureau_score < 620 THEN 40
               WHEN bureau_score < 680 THEN 80 WHEN bureau_score < 740 THEN 120 ELSE 160 END AS lost_score,
    60 - CASE WHEN utilisation IS NULL THEN 20 WHEN utilisation < 0.3 THEN 60 WHEN utilisation < 0.6 THEN 40
              WHEN utilisation < 0.9 THEN 15 ELSE 0 END AS lost_utilisation,
    60 - CASE delinquencies WHEN 0 THEN 60 WHEN 1 THEN 20 ELSE 0 END AS lost_delinquencies,
    30 - CASE WHEN enquiries <= 1 THEN 30 WHEN enquiries <= 3 THEN 15 ELSE 0 END AS lost_enquiries,
    40 - CASE employment WHEN 'permanent' THEN 40 WHEN 'none' THEN 0 ELSE 25 END AS lost_employment,
    30 - CASE WHEN months_in_job < 12 THEN 0 WHEN months_in_job < 36 THEN 15 ELSE 30 END AS lost_job,
    CASE home WHEN 'owner' THEN 0 ELSE 20 END AS lost_home,
    CASE WHEN amount > 0.6 * income THEN 40 ELSE 0 END AS lost_amount
  FROM applications AS a LEFT JOIN overrides USING (application_id)
),
scored AS (
  SELECT *, 710 - lost_score - lost_utilisation - lost_delinquencies - lost_enquiries - lost_employment - lost_job
      - lost_home - lost_amount AS score,
    on_sanctions_list OR age < 18 OR bankrupt OR debt_to_income >= 50 AS forbidden,
    amount > 30000 AS large, amount > 15000 AND NOT income_verified AS unproved
  FROM lost
),
judged AS (
  SELECT *, CASE
      WHEN forbidden THEN 'decline'
      WHEN large OR unproved THEN CASE WHEN score >= 540 THEN 'refer' ELSE 'decline' END
      WHEN score >= 540 THEN 'accept' WHEN score >= 480 THEN 'refer' ELSE 'decline' END AS outcome,
    coalesce(why IS NOT NULL AND authority >= 2, false) AS counts
  FROM scored
),
decided AS (
  SELECT *, CASE
      WHEN forbidden THEN 1
      WHEN counts AND wanted = 'decline' THEN 2
      WHEN counts AND wanted = 'accept' AND outcome = 'refer' THEN 3
      WHEN counts AND wanted = 'accept' AND outcome = 'decline' AND authority = 3 THEN 4
      WHEN outcome = 'accept' THEN 5
      WHEN outcome = 'refer' THEN 6
      ELSE 7 END AS clause
  FROM judged
)
SELECT application_id, score, outcome, clause,
  lost_score, lost_utilisation, lost_delinquencies, lost_enquiries, lost_employment, lost_job, lost_home, lost_amount,
  list_filter([
    CASE WHEN clause IN (5, 6) AND NOT income_verified THEN 'proof_of_income' END,
    CASE WHEN clause IN (3, 4) AND score < 480 THEN 'second_borrower' END,
    CASE WHEN clause = 6 AND large THEN 'smaller_amount' END,
    CASE WHEN clause = 5 AND score >= 600 AND term_months <= 36 THEN 'best_rate' END
  ], lambda condition: condition IS NOT NULL) AS conditions
FROM decided

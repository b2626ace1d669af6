-- What an expert would write for project/bench.seg as of 2026-09-01: one aggregate over the payments that matter, one
-- flat CASE, key and segment name out.
copy (
    with paid as (
        select
            customer_id,
            count(*) filter (where days_late > 30 and paid_on > date '2026-06-03') as late_90d,
            count(*) filter (where days_late > 60) as very_late,
            max(days_late) as worst_delay,
            sum(amount) filter (where paid_on > date '2026-03-01') as paid_6m,
            sum(amount) filter (where paid_on <= date '2026-03-01') as paid_before,
            count(*) filter (where paid_on > date '2026-06-01') as payments_3m
        from read_parquet('{payments}')
        where paid_on > date '2025-09-01' and paid_on <= date '2026-09-01'
        group by customer_id
    ),
    joined as (
        select
            c.*,
            coalesce(late_90d, 0) as late_90d,
            coalesce(very_late, 0) as very_late,
            coalesce(worst_delay, 0) as worst_delay,
            coalesce(paid_6m, 0) as paid_6m,
            coalesce(paid_before, 0) as paid_before,
            coalesce(payments_3m, 0) as payments_3m
        from read_parquet('{customers}') c
        left join paid using (customer_id)
    )
    select
        customer_id,
        case
            when fraud_probability > 0.9 or (fraud_probability > 0.75 and complaints >= 3) then 'fraud_watch'
            when hardship_plan and debt_to_income > 0.4 then 'hardship'
            when (very_late >= 2 and worst_delay > 90) or late_90d >= 2 then 'collections'
            when (late_90d >= 1 and utilisation > 0.6)
                or (paid_6m * 2 < paid_before and worst_delay > 15 and products < 4) then 'early_help'
            when credit_score >= 720 and utilisation < 0.3 and channel in ('app', 'web') and late_90d = 0
                and not hardship_plan then 'prime_digital'
            when credit_score >= 720 and utilisation < 0.45 and very_late = 0 then 'prime'
            when income >= 90000 and savings > 50000 and age >= 35 then 'wealthy'
            when age between 18 and 29 and channel = 'app' and logins_90d > 20
                and (credit_score >= 600 or credit_score is null) then 'young_digital'
            when credit_score < 580 or (credit_score < 620 and debt_to_income > 0.35) then 'subprime'
            when credit_score is null and tenure_months < 12 then 'thin_file'
            when opened_on < date '2016-01-01' and products >= 2 and complaints = 0
                and region in ('north', 'east') then 'loyal'
            when (payments_3m = 0 and logins_90d = 0) or (paid_6m = 0 and products = 1) then 'dormant'
            else 'standard'
        end as value_risk
    from joined
) to '{out}' (format parquet)

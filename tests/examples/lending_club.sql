-- Written by hand from the English of examples/lending_club/lending_club.seg, as of 2018-03-31.
with loan as (
    select
        *,
        total_credit_utilized / nullif(total_credit_limit, 0)::double as utilisation,
        -- the months Jan-2018, Feb-2018 and Mar-2018 began two, one and no full months before
        case issue_month when 'Jan-2018' then 2 when 'Feb-2018' then 1 when 'Mar-2018' then 0 end as loan_age
    from loans
)
select
    loan_id,
    case
        when public_record_bankrupt > 0
            and not (account_never_delinq_percent = 100 and interest_rate < 10) then 'bankrupt/1'
        when delinq_2y >= 2 then 'arrears/2'
        when months_since_last_delinq <= 12 then 'arrears/3'
        when coalesce(debt_to_income, 100) > 35 and utilisation >= 0.5::double then 'over_indebted/4'
        when coalesce(debt_to_income, 100) > 35 then 'stretched/5'
        when inquiries_last_12m >= 6 then 'credit_hungry/6'
        when inquiries_last_12m in (4, 5) and utilisation > 0.3::double then 'credit_hungry/7'
        when utilisation < 0.25::double and months_since_last_delinq is null
            and homeownership in ('MORTGAGE', 'OWN') and annual_income >= 60000 then 'prime_owner/8'
        when utilisation < 0.3::double
            and (months_since_last_delinq is null or months_since_last_delinq > 48)
            and grade in ('A', 'B', 'C') then 'prime/9'
        when months_since_last_delinq > 24 and delinq_2y = 0 then 'mended/10'
        when utilisation > 0.8::double then 'full_lines/11'
        when application_type = 'joint' and loan_age <= 1 then 'fresh_joint/12'
        else 'standard/13'
    end as expected
from loan

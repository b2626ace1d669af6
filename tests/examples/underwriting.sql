-- Written by hand from the English of examples/lending_club/underwriting.seg.
with rated as (
    select *, total_credit_utilized::double / nullif(total_credit_limit, 0)::double as used from loans
),
scored as (
    select
        *,
        600
        + case when debt_to_income is null then -10 when debt_to_income < 10 then 40 when debt_to_income < 20 then 25
               when debt_to_income <= 35 then 5 else -30 end
        + case when used is null then 0 when used < 0.3::double then 30 when used < 0.6::double then 10
               when used < 0.9::double then -10 else -25 end
        + case when emp_length is null then -15 when emp_length <= 1 then -10 when emp_length <= 5 then 0 else 15 end
        + case delinq_2y when 0 then 20 when 1 then -10 else -40 end
        - if(inquiries_last_12m > 3, 15, 0)
        - if(public_record_bankrupt > 0, 60, 0) as score
    from rated
),
decided as (
    select
        *,
        case
            when score > 659 then 'accept'
            when score > 619 then if(verified_income = 'Not Verified', 'refer', 'accept')
            when score > 559 then 'refer'
            else 'decline'
        end as outcome
    from scored
)
select
    loan_id,
    score,
    outcome as decided,
    case
        when debt_to_income > 60 then 'policy_decline/1'
        when public_record_bankrupt > 1 then 'policy_decline/2'
        when annual_income < 12000 and outcome = 'accept' then 'referred_by_policy/3'
        when outcome = 'accept' then 'accepted/4'
        when outcome = 'refer' then 'referred/5'
        else 'declined/6'
    end as expected
from decided

-- Written by hand from the English of examples/cdnow/cdnow.seg, as of 1998-06-30, which is the last day of a month:
-- six months back is 1997-12-31, twelve 1997-06-30, three 1998-03-31.
with orders as (
    select
        customer_id,
        date '1998-06-30' - max(purchased_on) as recency,
        count(*) as frequency,
        count(distinct purchased_on) as order_days,
        count_if(purchased_on > date '1997-12-31') as orders_6m,
        count_if(purchased_on > date '1997-06-30' and purchased_on <= date '1997-12-31') as orders_before,
        sum(amount) as spend,
        coalesce(sum(amount) filter (where purchased_on > date '1997-06-30'), 0) as spend_12m,
        coalesce(sum(amount) filter (where purchased_on > date '1998-03-31'), 0) as spend_3m,
        max(amount) as biggest_order,
        median(amount::double) as usual_order
    from purchases
    where purchased_on <= date '1998-06-30'
    group by customer_id
)
select
    customer_id,
    case
        when recency <= 90 and frequency >= 5 and spend_12m >= 200 then 'champions/1'
        when recency <= 180 and order_days >= 4 then 'loyal/2'
        when orders_6m > 0 and orders_before = 0 then 'waking_up/3'
        when spend_3m >= 50 then 'recent_big_spender/4'
        when recency <= 90 and biggest_order >= 75 then 'recent_big_spender/5'
        when orders_6m > 0 then 'active/6'
        when orders_before > 0 then 'cooling/7'
        when spend >= 200 then 'lost_high_value/8'
        when usual_order >= 50 then 'lost_big_basket/9'
        when frequency = 1 then 'one_off/10'
        else 'lapsed/11'
    end as expected
from customers
left join orders using (customer_id)

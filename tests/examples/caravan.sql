-- The rules of examples/caravan, by hand, over the columns as the file names them.
with scored as (
    select
        *,
        100
        + case PPERSAUT when 0 then 0 when 6 then 40 when 7 then 10 when 8 then 10 when 9 then 10 else 5 end
        + case when PBRAND = 0 then 0 when PBRAND <= 2 then -5 when PBRAND <= 4 then 25 else 5 end
        + case when MKOOPKLA <= 2 then 0 when MKOOPKLA <= 5 then 10 when MKOOPKLA <= 7 then 25 else 15 end
        + case when MHKOOP >= 7 then 15 when MHKOOP >= 3 then 5 else 0 end
        + if(APLEZIER > 0, 60, 0)
        + if(ABYSTAND > 0, 20, 0)
        - if(MGEMLEEF in (5, 6), 10, 0) as score,
        case
            when MOSHOOFD = 10 then 'farming'
            when MOSHOOFD in (6, 7) and MFGEKIND < 3 then 'retired'
            when MGEMLEEF > 3 and MFGEKIND < 3 then 'empty nest'
            when MFGEKIND > 4 then 'family'
            when MGEMLEEF < 3 then 'starting'
            else 'settled'
        end as stage
    from customers
)
select
    customer_id,
    score,
    stage as decided,
    case
        when APLEZIER > 0 or AZEILPL > 0 or AFIETS > 0 then 'outdoor_life/1'
        when score > 184 then 'hot/2'
        when score > 159 and stage in ('family', 'starting') then 'warm_families/3'
        when score > 159 and stage <> 'farming' then 'warm/4'
        when APERSAUT > 1 and stage <> 'farming' then 'two_cars/5'
        when stage = 'farming' then 'farmers/6'
        when AWALAND > 0 then 'farmers/7'
        when PPERSAUT = 0 then 'no_car/8'
        else 'lukewarm/9'
    end as expected,
    case
        when PPERSAUT = 6 then 'full/1'
        when PPERSAUT between 1 and 5 then 'little/2'
        when PPERSAUT in (7, 8, 9) then 'most/3'
        else 'none_at_all/4'
    end as cover
from scored

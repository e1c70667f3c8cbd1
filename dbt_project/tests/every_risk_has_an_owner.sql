-- R69, §5(1): every risk that a household can have, and no other, has a department that answers for it.
with risks as (
    select distinct risk_code from {{ ref('risk_types') }}
),

owners as (
    select distinct risk_code from {{ ref('risk_owners') }}
)

select risks.risk_code, owners.risk_code as owned_risk_code
from risks
full outer join owners on risks.risk_code = owners.risk_code
where risks.risk_code is null or owners.risk_code is null

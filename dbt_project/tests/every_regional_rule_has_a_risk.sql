-- R69: every rule that can raise a region brings a risk, and so departments that answer for it.
select rules.rule_id
from {{ ref('rules') }} as rules
left join {{ ref('rule_risks') }} as risks on rules.rule_id = risks.rule_id and risks.subject is null
where rules.subject = 'region' and rules.dimension is not null and risks.rule_id is null

-- One row a person and reporting period in which the person was seen, in one age band and under one sex:
-- those of the first encounter there that tells them. So the groups of a period never share a person.
CREATE OR REPLACE TEMP TABLE seen AS
SELECT
    person,
    period,
    greatest(period, $first::DATE) AS begins,
    CASE WHEN NOT $by_age_band THEN '' ELSE
        coalesce(arg_min(age_band, (date, encounter)) FILTER (WHERE age_band IS NOT NULL), 'unknown')
    END AS age_band,
    CASE WHEN NOT $by_sex THEN '' ELSE
        coalesce(arg_min(sex, (date, encounter)) FILTER (WHERE sex <> 'U'), 'U')
    END AS sex
FROM visits
WHERE date >= $first
GROUP BY person, period;

-- Prevalence: of the persons seen in a period, how many bore the condition in it. Every condition meets every
-- group of persons, so that a group without a case stands there with 0.
WITH strata AS (
    SELECT period, age_band, sex, count(*) AS persons
    FROM seen
    GROUP BY ALL
),
bearers AS (
    SELECT DISTINCT person, period, condition
    FROM occurrences
    WHERE date >= $first
),
cases AS (
    SELECT condition, period, age_band, sex, count(*) AS cases
    FROM bearers
    JOIN seen USING (person, period)
    GROUP BY ALL
)
SELECT
    code, category, grouping, strftime(period, '%Y-%m') AS month, age_band, sex,
    persons,
    coalesce(cases, 0) AS cases,
    0 AS earlier
FROM conditions
CROSS JOIN strata
LEFT JOIN cases USING (condition, period, age_band, sex);

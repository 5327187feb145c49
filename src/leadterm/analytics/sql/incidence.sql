-- Incidence: of the persons seen in a period who did not bear the condition before it began, how many bore it in it.
-- "Before" reaches back without end, or for the clean (wash-out) days where they are given.
WITH strata AS (
    SELECT period, age_band, sex, count(*) AS persons
    FROM seen
    GROUP BY ALL
),
history AS (
    -- Without clean days the first day alone decides, and one row a person and condition is enough.
    SELECT person, condition, min(date) AS date
    FROM occurrences
    WHERE $clean_days::INTEGER IS NULL
    GROUP BY ALL
    UNION ALL
    SELECT DISTINCT person, condition, date
    FROM occurrences
    WHERE $clean_days::INTEGER IS NOT NULL
),
known AS (
    -- Persons who bore the condition before the period in which they are seen: not at risk of it any more.
    SELECT DISTINCT person, period, condition
    FROM seen
    JOIN history USING (person)
    WHERE date < begins
      AND ($clean_days::INTEGER IS NULL OR date >= begins - $clean_days::INTEGER)
),
bearers AS (
    SELECT DISTINCT person, period, condition
    FROM occurrences
    WHERE date >= $first
),
-- What a person is in a period: known to bear the condition before it, or a case of it.
met AS (
    SELECT person, period, condition, true AS before FROM known
    UNION ALL
    SELECT person, period, condition, false AS before FROM bearers
    ANTI JOIN known USING (person, period, condition)
),
counted AS (
    SELECT
        condition, period, age_band, sex,
        count(*) FILTER (WHERE before) AS not_at_risk,
        count(*) FILTER (WHERE NOT before) AS cases
    FROM met
    JOIN seen USING (person, period)
    GROUP BY ALL
)
SELECT
    code, category, grouping, strftime(period, '%Y-%m') AS month, age_band, sex,
    persons - coalesce(not_at_risk, 0) AS persons,
    coalesce(cases, 0) AS cases,
    coalesce(not_at_risk, 0) AS earlier
FROM conditions
CROSS JOIN strata
LEFT JOIN counted USING (condition, period, age_band, sex);

-- customers(customer_id, started, ended), report(today): cohort, customers, churned, rate; in order of cohort.
SELECT

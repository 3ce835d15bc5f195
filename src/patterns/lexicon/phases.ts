/** Which part of the work a goal belongs to, told by what comes of it. Phrases parted by commas. */
export const phases: Readonly<Record<string, string>> = {
  test: 'unit tests, unit test, component tests, integration tests, end-to-end tests, e2e tests, e2e, test suite, test plan, test coverage, test cases, mocks, contract test, contract tests, load test, stress tests, stress test, mutation testing, regression tests, browser tests, snapshot tests, load testing, usability test, smoke tests, fuzz, property tests, test automation, virtual users, concurrent users, flaky',
  document:
    'documentation, docs, doc, readme, guide, user guide, runbook, playbook for engineers, docstrings, code comments, comments, manual, changelog, release notes, reference docs, wiki, article, articles, handbook, faq, tutorial, getting-started, onboarding guide, decision record, decision records, adr, swagger, openapi, er diagram, diagram, document, how-to, guidelines, knowledge base, api reference, style guide, help centre',
  paper:
    'policy, agreement, privacy policy, template for vendors, contract terms, compliance report, conformance report, vpat, dpa, postmortem, post-mortem, evidence, programme, statement, newsletter, campaign, proposal, training for staff, pricing page copy, brand, wording, copywriting, tone',
  deploy:
    'deploy, deployment, release, rollout, roll out, app store, play store, ship, production rollout, go live, blue-green, canary, staging, serving, mainnet, provision, helm chart, serve, endpoint for inference, inference service',
  design:
    'schema, data model, design, architecture, plan capacity, capacity, rollback plan, data modeling, data modelling, threat model, wireframe, mockup, prototype, estimate, partition keys, threat modelling, trust boundaries',
  review:
    'audit, security review, penetration test, pentest, code review, review, assess, gap analysis, licence check, scan, vulnerability, vulnerabilities, usability, security audit, cve, cves',
  monitor:
    'monitor, monitoring, alerts, alert, alerting, dashboard for metrics, grafana, prometheus, metrics, observability, tracing, slo, slos, error budget, on-call, telemetry, logs, uptime, synthetic monitor, siem, sentry, drift, anomalous, anomaly, detect',
  incident:
    'outage, incident, production is down, keep crashing, keeps crashing, crash, crashes, oom-killed, hard fault, memory leak, leaked, breach, data loss, 500 errors, internal server error, broken, deadlock, root cause, fails randomly, accidentally deleted, expired',
  data: 'etl, elt, pipeline that loads, warehouse, data mart, star schema, backfill, dbt, airflow, feature store, data lake, data quality, batch job, streaming, churn, spark',
};

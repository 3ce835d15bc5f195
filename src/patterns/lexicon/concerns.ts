/**
 * What the work is about: one name for the many ways people say it. Phrases parted by commas; words meet by stem.
 */
export const concerns: Readonly<Record<string, string>> = {
  // identity and access
  authentication:
    'authentication, auth, login, log in, sign in, sign-in, signin, logins, sign-ins, sso, single sign-on, oauth, oauth2, oidc, openid connect, identity provider, identity providers, idp, idps, social login, face id, biometric, passkeys, webauthn, session authentication',
  'login page': 'login form, login page, login screen, login profile, sign-in page, login step, login button',
  mfa: 'two-factor, 2fa, mfa, second factor, login factor, one-time password, one-time passwords, totp, otp',
  authorization:
    'authorization, authorisation, rbac, role-based access control, role based access, permissions, access control, role-based permissions, roles and permissions, least privilege, acl',
  'password reset':
    'password reset, forgot-password, forgot password, reset password, reset email, time-limited tokens',
  'brute force':
    'brute force, brute-force, credential stuffing, lock accounts, captcha, failed sign-ins, failed logins, account lockout',
  'key rotation': 'key rotation, signing keys, jwks, key rollover, rotate keys, jwt signing',
  secrets:
    'secrets, secret manager, secrets manager, vault, credentials centrally, dotenv, env files, hashicorp vault, api keys',
  'leaked credentials':
    'leaked keys, leaked credentials, leaked aws keys, leaked secrets, leaked cloud credentials, committed credentials',
  'mutual tls': 'mtls, mutual tls, service mesh, istio, linkerd',
  certificates:
    'tls certificate, tls certificates, ssl certificate, certificates, https, dns records, acme, lets encrypt',
  'encryption at rest':
    'encrypt at rest, at rest with kms, envelope encryption, kms, encrypt columns, sensitive columns, pii fields, encryption',
  'http headers':
    'security headers, http headers, csp, hsts, content security policy, response headers, frame options',
  'penetration test':
    'penetration test, pentest, pen test, ethical hacking, owasp, owasp top 10, red team, security review, security audit',
  'threat model': 'threat model, threat modelling, stride, attackers, trust boundaries, attack tree',
  vulnerabilities:
    'cve, cves, known vulnerabilities, vulnerable dependencies, software composition analysis, snyk, dependabot, dependency scanning, vulnerability scan',
  licences:
    'open-source licences, open-source licenses, forbidden licences, licence compliance, license compliance, licences, licenses, sbom',
  'bug bounty': 'bug bounty, vulnerability disclosure',
  'suspicious sign-in':
    'anomalous logins, suspicious sign-in, correlation alerts, siem rule, suspicious logins, intrusion detection',
  malware: 'malware, antivirus, virus scan',
  hardening: 'harden, hardens, secure baseline, cis benchmark, hardening',
  // privacy and compliance
  erasure:
    'right to be forgotten, right to erasure, erasure, data subject deletion, delete personal data, delete their account, article 17, delete all personal data',
  retention: 'retention, retention periods, retention policy, data retention, delete old, keep for years',
  anonymisation:
    'anonymise, anonymize, pii-free, mask customer data, masking, synthetic data, pseudonymise, test data',
  gdpr: 'gdpr, ccpa, data protection, personal data, privacy, consent, cookie banner',
  'data agreement': 'data processing agreement, dpa, sub-processors, subprocessors',
  'card scope': 'pci, pci dss, tokenising card, tokenising cards, tokenise cards, pans, card numbers',
  'access log':
    'audit log, audit trail, who accessed, access to patient records, access log, every access, traceable',
  hipaa: 'hipaa, patient records, health data',
  certification: 'soc 2, soc2, iso 27001, fedramp, trust service criteria, type ii',
  'accessibility report': 'vpat, section 508, accessibility conformance, conformance report',
  'breach notice': 'data breach, personal data breach, breach notification',
  // web and interface
  accessibility:
    'accessibility, a11y, wcag, screen reader, screen readers, aria, keyboard navigation, keyboard users, contrast, focus order, blind users',
  'dark mode': 'dark mode, dark theme, theme toggle, night mode',
  'design system':
    'design system, component library, design tokens, ui kit, shared components, react ui elements',
  'form validation':
    'form errors, form validation, validation messages, inline errors, field checks, signup wizard, multi-step, several steps, progress indicator',
  'loading state': 'skeleton loaders, skeleton, placeholder, shimmer, loading state, spinner',
  animation: 'animate, animation, transitions, framer motion, animations',
  'bundle size': 'bundle size, javascript bundle, code splitting, tree shaking, lazy routes, smaller bundle',
  'web vitals':
    'core web vitals, web vitals, lighthouse, largest contentful paint, layout shifts, page speed, first load',
  seo: 'seo, search engine ranking, structured data, sitemap, meta tags',
  charts: 'charts, chart, graphs, line graphs, d3, visualise data, bar charts, plots',
  'landing page': 'landing page, responsive page, marketing page',
  tooltips: 'tooltips, hints, hover help',
  'error messages': 'error messages, ui copy, microcopy, warnings wording, proofread',
  'user interface language':
    'i18n, internationalisation, internationalization, l10n, languages, multilingual',
  'browser history': 'back button, deep links, routing',
  'ux research': 'usability, user research, user interviews, surveys, survey',
  // interfaces between programs
  pagination: 'pagination, cursor pagination, page by page, paginated, next tokens, infinite scroll',
  'rate limiting': 'rate limit, rate limiting, limit each api key, requests per minute, throttling, quota',
  caching: 'cache, caching, cached, request caching, cdn, edge caching, static assets',
  'dependency caching':
    'caching dependencies, parallel jobs, ci build, build takes, pipeline takes, slow pipeline, ci pipeline',
  'outgoing webhooks':
    'deliver webhooks, outgoing webhooks, webhooks to customers, event posts, http callbacks, signed callbacks',
  'incoming webhooks': 'receive webhooks, verify their signatures, webhook receiver',
  'file upload': 'uploading, file upload, attachments, profile pictures, multipart',
  'bulk import':
    'bulk import, import in bulk, in bulk from, batch ingestion, csv files, spreadsheets, excel files',
  'background jobs':
    'background jobs, background workers, job queue, sidekiq, slow tasks, request cycle, async tasks, delayed jobs',
  'full-text search':
    'full-text search, fulltext, typo tolerance, search box, faceted search, spelling correction',
  'email sending':
    'transactional emails, order confirmation emails, email delivery, digest email, email templates',
  'push notifications': 'push notification, push notifications, apns, fcm',
  pdf: 'pdf, pdf invoices, printable',
  subscriptions:
    'subscription, subscriptions, recurring payments, recurring card payments, monthly and yearly plans, plan upgrades, billing plans, card payments',
  payments:
    'payment provider, payment gateway, payment method, payment methods, payments, online payment, checkout payment',
  'in-app purchase': 'in-app purchase, in-app purchases, storekit, apple billing, premium upgrades',
  currency: 'currency, multi-currency, exchange rates, currency conversion',
  retries: 'retries, retry, circuit breaker, backoff, timeouts',
  tracing: 'tracing, distributed tracing, opentelemetry, spans, follow a single call, trace requests',
  // data stores
  'slow queries':
    'slow queries, slow query, query latency, missing indexes, sequential scans, explain analyze, long scans, indexes, query tuning, query plan, slow sql, slow postgresql queries, query cost',
  'n+1': 'n+1, n 1 queries, eager loading',
  partitioning: 'partition the, partitioned, sharding, partition by, shard',
  'schema change': 'schema change, schema migration, online schema, alter table, zero-downtime schema',
  'data model':
    'schema for, data modeling, data modelling, partition keys, data model, er diagram, single table design, table design',
  'database backup':
    'back up database, back up databases, back up the production, restores, test restores, backup, backups, backup policy, rehearse restores, pitr',
  replication: 'replicate, standby, replica, read replica, failover database',
  'change capture': 'change data capture, cdc, capture changes, debezium',
  'deleted objects': 'accidentally deleted, undelete',
  // data and learning
  'data pipeline':
    'etl, elt, data pipeline, loads data into, ingest exports, hourly jobs, airflow pipeline, pipeline that loads, nightly batch, batch jobs',
  'data quality': 'data quality, data validation, great expectations, quality checks, validation checks',
  'star schema': 'star schema, data mart, fact and dimension, dimension tables, dbt models, dimensional',
  'customer profile': 'customer 360, 360 view, profile table, touchpoints, single customer view',
  'data lake': 'data lake, csv lake, parquet, iceberg, delta lake',
  'usage figures':
    'active users, daily active users, monthly active users, cohorts, funnel, retention cohorts',
  forecasting: 'forecast, forecasting, demand, call volume, weekly sales, time series',
  churn: 'churn, lead scoring, propensity, predicts customer',
  'text classification':
    'classify emails, classify incoming, sort tickets, by topic, into categories, text classification, sentiment, spam filter',
  'image inspection':
    'detect defects, defects, faulty parts, vision model, image classification, object detection, computer vision, manufacturing defects',
  'speech recognition': 'transcribe, speech to text, transcription, speech recognition',
  'speech synthesis': 'text-to-speech, speech synthesis, read aloud',
  'retrieval chatbot': 'rag, chatbot over, question answering bot, retrieval augmented, vector store',
  'fine-tuning': 'fine-tune, finetune, fine tuning, lora',
  'feature store': 'feature store, online and offline features',
  'model serving':
    'model serving, inference service, serve the model, behind a rest endpoint, inference endpoint, model inference, deploy model, llm serving, autoscaling endpoint',
  'inference speed':
    'inference latency, quantization, quantisation, quantising, int8, int4, distillation, batching',
  'experiment tracking':
    'experiment tracking, model registry, track experiments, model versions, hyperparameters produced',
  'model drift': 'drift, prediction drift, model performance degrades, model monitoring',
  'hyperparameter search': 'hyperparameter, hyperparameters, tune hyperparameters, grid search',
  explainability: 'shap, explain decisions, explainability, interpretability, lime',
  'fraud graph': 'fraud graph, fraud rings, nodes and edges, graph of accounts',
  // delivery and operation
  'ci pipeline': 'ci/cd, ci cd, continuous integration, continuous delivery, pipeline that builds',
  'release strategy':
    'blue-green, blue green, blue/green, canary release, progressive delivery, automatic rollback, safe rollouts',
  rollback: 'roll back, rollback, faulty deployment, broken release, restore service',
  'cluster deployment': 'deploy to kubernetes, to kubernetes, to k8s, kubernetes deployment',
  autoscaling: 'autoscale, autoscaling, queue length, backlog, hpa, keda',
  capacity: 'capacity, capacity planning, how many servers, black friday traffic, holiday peak',
  'load testing':
    'load test, load testing, stress test, stress tests, virtual users, concurrent users, requests per second, soak test',
  'chaos testing':
    'chaos, chaos experiments, game day, availability zone, region failure, loss of an availability, inject faults, resilience, failure of a region',
  'infrastructure as code':
    'infrastructure as code, as code, reproducible infrastructure, cloud infrastructure',
  'cloud cost': 'cloud bill, cloud cost, cost allocation, finops, storage cost, rightsizing',
  'alert rules':
    'prometheus alerts, alerts, alerting, burn-rate, alert fatigue, paging, noisy alerts, error rates, error rate, false alarms, high latency',
  dashboards:
    'grafana dashboard, grafana dashboards, monitoring boards, golden signals, dashboards for, metrics dashboards, service level indicators',
  slo: 'slo, slos, error budget, error budgets, service level',
  'on-call': 'on-call rotation, escalation policy, on call, pager',
  runbook: 'runbook, runbooks, on-call engineers',
  postmortem: 'postmortem, post-mortem, blameless, incident review, lessons learned',
  'log management':
    'centralise logs, centralize logs, log files, elk, logstash, log aggregation, log rotation',
  'server errors': '500 errors, internal server error, api outage, outage, production outage',
  'memory leak': 'memory leak, heap snapshots, retained objects, memory grows, memory of the process grows',
  'data leak': 'data leak, data exfiltration',
  'crash on start': 'crash on launch, crash on startup, app crashes',
  'out of memory': 'oom, oom-killed, out of memory',
  'flaky tests':
    'flaky, flaky tests, flakiness, fail randomly, pass on rerun, unstable tests, intermittent, nondeterministic',
  'cluster crash': 'brokers keep crashing, cluster nodes restart',
  'tail latency': 'tail latency, p99, p95',
  'cpu profile': 'cpu hot spots, profile cpu, flame graph, profiler, hot spots',
  'frame rate': 'frame rate, fps, stuttering, frames per second, below 30 fps, gpu profiling, lod',
  'monolith split': 'monolith, into microservices, strangler, domain services, monolithic',
  // tests and docs
  'unit tests': 'unit test, unit tests, unit test suite, mocks, component tests',
  'browser tests':
    'end-to-end tests, e2e, browser tests, ui automation, automate browser, cross-browser, browser automation, end-to-end',
  'contract tests': 'contract test, contract tests, consumer-driven, pact',
  'mutation testing': 'mutation testing, test quality, mutants',
  'api docs':
    'openapi, swagger, api reference, endpoints with examples, reference documentation, describing each route, document all endpoints',
  readme: 'readme, installation instructions, usage instructions',
  'onboarding docs':
    'getting-started guide, getting started, onboarding guide, new developers, new engineers, day one, set up the repo, first day',
  'decision records': 'architecture decision records, adr, adrs, decision log, decision records',
  'release notes': 'changelog, release notes, from commit messages, git log',
  'code comments': 'code comments, docstrings, javadoc, inline documentation',
  'user manual': 'user manual, help centre, user guide, help articles',
  // phones, games, devices
  'offline mode': 'offline, offline mode, without network, sync later, offline-first',
  'device sync': 'sync core data, cloudkit, icloud',
  'background location': 'user location, location in the background, gps, running route, geofence',
  'store release':
    'to the app store, in the apple app store, to the play store, app store release, store listing, testflight, app published',
  multiplayer:
    'multiplayer, netcode, client-side prediction, player movement, state replication, over the network, lagging, matchmaking, online co-op, lobby, rollback netcode',
  'game ai': 'behaviour tree, behaviour trees, behavior trees, enemy ai, companion ai, pathfinding, npc',
  'game balance': 'balance weapon, weapon damage, drop rates, item economy, difficulty',
  'save game': 'save game, save slots, player progress, versioned slots',
  shader: 'shader, shaders, reflections, rendering effect',
  'game input': 'gamepad, rebindable keys, touch controls, controller support',
  'procedural content': 'procedural, procedurally, dungeons, level generation',
  'game port': 'port the game, platformer, jump and run, game export',
  'firmware update': 'over-the-air, ota, firmware updates, install new firmware, bootloader update',
  bootloader: 'bootloader, bring-up',
  'hard fault': 'hard fault, firmware resets, watchdog reset, resets randomly',
  'field bus': 'can bus, protocol stack, modbus',
  'device driver': 'i2c driver, device driver, sensor driver, pressure sensor, kernel module',
  'control loop': 'pid, speed loop, control loop, motor control',
  'device telemetry': 'sensor data, device telemetry, mqtt to the cloud',
  'power use': 'battery drain, power consumption, low power, sleep mode',
  // changes of ground
  'identity migration': 'user accounts from',
  'shop migration': 'replatform the shop, online store onto, shop onto',
  'wiki migration': 'migrate the wiki, move the wiki',
  'database migration':
    'migrate the database, move the database, oracle schema, database from, switching to postgres',
  'session login': 'session cookie, session login, session authentication, cookie login',
  'smart contract audit': 'staking contract, token contract, reentrancy, smart contract, solidity',
};

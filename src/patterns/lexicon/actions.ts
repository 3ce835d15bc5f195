/**
 * What is done: classes of verbs (and the nouns made of them), phrases parted by commas.
 *
 * `plain` verbs only say that something comes to be; another action in the same goal outranks them.
 */
export const actions: Readonly<Record<string, string>> = {
  create:
    'add, build, create, implement, introduce, develop, set up, setup, integrate, provide, put in place, support for, new, bootstrap, scaffold, launch, establish, start, construct, code, wire up, plug in',
  write: 'write, draft, prepare, author, compose, produce, generate, fill in, record, describe, keep',
  remove:
    'remove, delete, drop, purge, eliminate, clean, clean up, get rid of, erase, retire, decommission, uninstall, strip, wipe, prune, deprecate, removal, deletion, cleanup, sunset, kill, eradicate, tear down',
  stop: 'stop, disable, turn off, switch off, deactivate, block, forbid, prevent, opt out, pause, suspend, revoke, ban, deny',
  enable: 'enable, turn on, switch on, activate, allow, unblock, grant, permit, resume',
  fix: 'fix, repair, resolve, correct, solve, stabilise, stabilize, patch, hotfix, remedy, mend, troubleshoot, handle crash, bug fix, bugfix, get rid of crash',
  investigate:
    'investigate, diagnose, debug, find out, find out why, find the cause, find the reason, root cause, why, analyse why, track down, trace the cause, explain why, look into, triage',
  migrate:
    'migrate, move, port, convert, switch, replace, rewrite, replatform, transition, translate code, migration, leave behind, moving, switch over, cut over, re-platform, rehost, lift and shift, swap, adopt instead, transfer, rebuild in',
  upgrade:
    'upgrade, bump, update to, newer version, latest version, modernise, modernize, update dependencies, version bump',
  downgrade: 'downgrade, roll back, rollback, revert, undo, back out',
  restore: 'restore, recover, bring back, recovery, undelete, salvage, rehydrate',
  backup: 'back up, backup, backups, snapshot, replicate, standby',
  optimise:
    'optimise, optimize, speed up, faster, reduce latency, tune, tuning, improve performance, performance tuning, accelerate, cut latency, reduce size, shrink, smaller, make fast, too slow, slow, improve throughput, reduce load, optimisation, optimization, make it fast, quicker, cut, trim, minimise, minimize, lower, reduce',
  improve: 'improve, enhance, refine, polish, raise, increase, better, boost, strengthen',
  refactor:
    'refactor, restructure, extract, split, break up, break down, break the, decompose, modularise, modularize, reorganise, reorganize, decouple, untangle, simplify, consolidate, merge, unify',
  test: 'test, testing, load test, stress test, smoke test, unit test, verify, validate behaviour, simulate load, cover with tests, assert',
  audit:
    'audit, review, assess, inspect, scan, pentest, penetration test, threat model, check, evaluate, vet, pen test',
  deploy:
    'deploy, publish, release, roll out, rollout, ship, submit, serve, host, go live, deployment, put into production, provision, promote, distribute',
  document: 'document, annotate, comment, explain to readers, write up, documented',
  monitor:
    'monitor, alert, observe, watch, track, detect, page on-call, instrument, notice, monitoring, alerting, trace, follow',
  design:
    'design, model, plan, architect, sketch, specify, define, estimate, propose, choose, pick, decide, outline, map out',
  learn:
    'train, fine-tune, finetune, retrain, fit a model, classify, forecast, predict, recognise, recognize',
  translate: 'translate, localise, localize, translation, localisation, localization',
  encrypt:
    'encrypt, cipher, seal, encryption, tokenise, tokenize, mask, anonymise, anonymize, pseudonymise, redact, hash',
  decrypt: 'decrypt, decipher, unseal, decryption, unmask, detokenise',
  compress: 'compress, zip, archive, pack, compact, compression',
  send: 'send, deliver, emit, notify, dispatch, broadcast, outgoing, outbound, inform, publish events, callback',
  receive:
    'receive, accept incoming, incoming, inbound, consume, listen to, subscribe, pull, poll, collect, gather',
  import:
    'import, ingest, load data, bulk load, ingestion, load into, loads, upload in bulk, batch ingestion',
  export: 'export, dump, extract data, exports as, download as',
  upload: 'upload, uploading, attach files, attach',
  download: 'download, downloading, fetch file',
  copy: 'sync, synchronise, synchronize, mirror, copy, duplicate, replay, backfill',
  deduplicate: 'deduplicate, dedupe, reconcile, match records, merge duplicates',
  schedule: 'schedule, cron, every night, nightly, periodically, run regularly',
  rotate: 'rotate, rotation, rollover, roll over, renew, renewal',
  scale: 'autoscale, auto scale, scale out, scale up, scale, autoscaling, scaling, elastic',
  limit: 'limit, throttle, cap, restrict, rate limit, quota, bound',
  show: 'show, display, render, visualise, visualize, draw, plot, chart, present',
  hide: 'hide, conceal, collapse, make invisible',
  search: 'search, query, look up, find items, retrieve',
  report: 'report, calculate, compute, count, aggregate, summarise, summarize, measure',
  rename: 'rename, relabel, rebrand',
  practise: 'rehearse, practise, practice, run a game day, drill, simulate failure, inject faults',
};

/** Classes that say little of what is done: the rest of the goal decides. */
export const plainActions: ReadonlySet<string> = new Set(['create', 'write', 'improve', 'schedule', 'copy']);

/** Classes that undo each other: who does one does not do the other with the same plan. */
export const opposites: readonly (readonly [string, string])[] = [
  ['create', 'remove'],
  ['enable', 'stop'],
  ['create', 'stop'],
  ['monitor', 'stop'],
  ['enable', 'remove'],
  ['upgrade', 'downgrade'],
  ['deploy', 'downgrade'],
  ['encrypt', 'decrypt'],
  ['send', 'receive'],
  ['import', 'export'],
  ['upload', 'download'],
  ['show', 'hide'],
  ['backup', 'restore'],
  ['copy', 'remove'],
  ['import', 'remove'],
  ['create', 'restore'],
  ['scale', 'limit'],
];

/**
 * Named technologies by class: another name of the same class is another expert's work. `name=alias|alias`, parted
 * by commas. Products of one family share a name where one plan serves them.
 */
export const technologies: Readonly<Record<string, string>> = {
  'web framework':
    'react=reactjs|react.js|jsx|useeffect|redux, angular, angularjs, vue=vue.js|vuejs|nuxt, svelte=sveltekit, nextjs=next.js, ember, solidjs, astro, remix, jquery, backbone',
  'mobile platform':
    'ios=iphone|ipad|swift|swiftui|uikit|app store|apns|storekit|core data|cloudkit|icloud|xcode|apple devices|apple, android=kotlin|jetpack compose|compose|play store|google play|gradle|room database|xml layouts, react native=react-native|expo, flutter=dart, xamarin=maui, ionic=cordova|capacitor',
  'backend framework':
    'django, flask, fastapi, rails=ruby on rails|activerecord|sidekiq, spring=spring boot|springboot|spring security|jakarta|javax, express=expressjs|express.js, nestjs=nest.js, laravel, symfony, aspnet=asp.net|asp.net core|dotnet core, gin, actix, phoenix',
  'programming language':
    'python, golang=go language|go service|in go|go code, rust, java, csharp=c#, cplusplus=c++, c language=c parser|c code|from c, ruby, php, typescript=ts, javascript=js, scala, elixir, haskell, perl, cobol, matlab, julia, lua, zig',
  database:
    'postgres=postgresql|pg|pg_stat_statements|autovacuum, mysql=mariadb, oracle=pl/sql|plsql, sql server=mssql|t-sql|sqlserver, mongodb=mongo, dynamodb, cassandra=scylla|scylladb, redis=valkey, sqlite, cockroachdb, couchbase, neo4j=cypher|graph database, influxdb=timescaledb|timescale, firestore, cosmos db=cosmosdb, memcached, elasticsearch=opensearch|elastic search, clickhouse',
  warehouse: 'snowflake, bigquery=big query, redshift, databricks=delta lake, synapse, duckdb, hive',
  cloud:
    'aws=amazon web services|amazon cloud|s3|ec2|lambda|ecs|eks|rds|iam|glacier|cloudfront|aws iot|vpc|sqs|sns, gcp=google cloud|gke|cloud run|cloud functions, azure=aks|bicep|azure functions, cloudflare, vercel, netlify, heroku, digitalocean, on-premise=on-prem|on premise',
  'api style':
    'graphql=apollo|federation|graph query, grpc=protobuf|protocol buffers, rest=rest api|rest endpoint|restful|rest endpoints, soap, websocket=websockets|socket.io, webhook=webhooks|http callbacks, trpc',
  messaging: 'kafka=kafka streams, rabbitmq=amqp, nats, pulsar, activemq, mqtt, kinesis, celery, keda',
  'infrastructure as code':
    'terraform=hcl|opentofu|terragrunt, pulumi, cloudformation=cdk, ansible, chef, puppet, saltstack, crossplane',
  orchestration:
    'kubernetes=k8s|kube|ingress controller|pods|kubectl|manifests, docker compose=docker-compose, nomad, docker swarm, openshift',
  'deployment format': 'helm=helm charts|helm chart, kustomize, plain yaml=plain manifests',
  'ci server':
    'github actions, gitlab ci=gitlab-ci|gitlab pipelines, jenkins, circleci, azure devops, travis, teamcity, buildkite, argo cd=argocd|gitops|flux',
  'test tool':
    'playwright, cypress, selenium, jest, vitest, pytest, junit, k6, jmeter, gatling, locust, pact, storybook, espresso, detox, mocha',
  bundler: 'webpack, vite, rollup, esbuild, parcel, turbopack',
  'game engine': 'unity=unity3d|unity netcode, unreal=unreal engine|ue5|ue4, godot, cocos, bevy, phaser',
  'monitoring tool':
    'prometheus, grafana, datadog, newrelic=new relic, sentry, splunk=siem, elk=kibana|logstash|elk stack, opentelemetry=otel|jaeger|zipkin, nagios, zabbix, loki, pagerduty',
  'identity provider':
    'auth0, keycloak, okta, cognito, firebase auth, entra=azure ad|active directory|entra id, ldap',
  'payment provider': 'stripe, paypal, adyen, braintree, square, klarna',
  'shop system': 'shopify, magento, woocommerce, salesforce commerce, prestashop, bigcommerce',
  'knowledge tool': 'confluence, notion, sharepoint, google docs, jira, linear, trello',
  crm: 'salesforce, hubspot, dynamics, zendesk, sap',
  'data tool':
    'airflow=dags|dag, dagster, prefect, dbt, spark=pyspark|structured streaming, flink, beam, fivetran, debezium=change data capture|cdc, nifi, iceberg=parquet|columnar table',
  'ml framework':
    'pytorch, tensorflow=keras, scikit-learn=sklearn|scikit learn, xgboost=lightgbm|catboost, huggingface=hugging face|transformers, mlflow, kubeflow, sagemaker, langchain, llamaindex, whisper, prophet, openai=gpt|chatgpt, onnx',
  'embedded platform':
    'esp32=esp8266, stm32=stm32f4|stm32h7|stm32f1|stm32l4, arduino, raspberry pi, freertos=rtos, zephyr, nordic=nrf52, fpga=verilog|vhdl, can bus=canbus, modbus, i2c, spi bus=spi driver, ble=bluetooth low energy|bluetooth, lora=lorawan, zigbee',
  'operating system': 'linux=ubuntu|debian|redhat|rhel|centos, windows, macos',
  chain:
    'ethereum=solidity|erc-20|erc20|evm|smart contract|staking contract|token contract, solana, polygon, hyperledger, bitcoin',
  'mail provider': 'sendgrid, mailgun, ses, postmark, exchange, google workspace',
};

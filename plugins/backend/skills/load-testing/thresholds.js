// Start of a load test for k6: fixed arrival rate, thresholds that fail the run, errors by kind.
import { check } from 'k6';
import http from 'k6/http';

export const options = {
  scenarios: {
    peak: {
      executor: 'constant-arrival-rate',
      rate: 50,
      timeUnit: '1s',
      duration: '10m',
      preAllocatedVUs: 100,
      maxVUs: 500,
    },
  },
  thresholds: {
    http_req_failed: ['rate<0.001'],
    http_req_duration: ['p(95)<300', 'p(99)<800'],
    dropped_iterations: ['count==0'],
  },
};

export default function order() {
  const response = http.get(`${__ENV.BASE}/products/${1 + Math.floor(Math.random() * 10_000)}`, {
    headers: { 'X-Load-Test': '1' },
    tags: { name: 'GET /products/{id}' },
  });
  check(response, { 'is 200': ({ status }) => status === 200 });
}

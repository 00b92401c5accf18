// Browsers at once, each of which asks again as soon as it was answered: for a
// page, or to sign somebody new up by its form. Prints figures as JSON.
//
//   node browsers.js page URL BROWSERS SECONDS WARM_UP
//   node browsers.js sign-up URL BROWSERS SECONDS WARM_UP ORGANIZATIONS

const crypto = require('node:crypto');
const autocannon = require('autocannon');

const [kind, address, browsers, seconds, warmUp, organizations] =
  process.argv.slice(2);
const url = new URL(address);

function form() {
  const id = crypto.randomUUID();
  const fields = {
    request_id: id,
    people: '1',
    at: '1',  // A form that was loaded long ago.
    organization: `bench-${1 + crypto.randomInt(Number(organizations))}`,
    standing: 'REPRESENTATIVE',
    sector: 'CIVIC',
    'name-1': 'Nino Example',
    'email-1': `${id}@example.org`,
  };
  return new URLSearchParams(fields).toString();
}

const page = {
  method: 'GET',
  path: url.pathname,
  headers: { 'accept-encoding': 'br' },
};
const signUp = {
  method: 'POST',
  path: url.pathname,
  headers: {
    'accept-encoding': 'br',
    'content-type': 'application/x-www-form-urlencoded',
    origin: url.origin,
  },
  setupRequest: (request) => ({ ...request, body: form() }),
};

const load = {
  url: url.origin,
  connections: Number(browsers),
  requests: [kind === 'page' ? page : signUp],
  timeout: 30,
};

async function main() {
  const warm = await autocannon({ ...load, duration: Number(warmUp) });
  const result = await autocannon({ ...load, duration: Number(seconds) });
  const taken = kind === 'page' ? '200' : '303';
  const count = ({ statusCodeStats }) => statusCodeStats[taken]?.count ?? 0;
  console.log(JSON.stringify({
    per_second: count(result) / result.duration,
    p50_ms: result.latency.p50,
    p99_ms: result.latency.p99,
    taken: count(warm) + count(result),
    trouble: [warm, result].reduce((sum, of) => sum + of.errors +
      of.requests.total - count(of), 0),
  }));
}

main();

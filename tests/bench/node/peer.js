// The Node peer of the bench: CreateSignUp on grpc-js, with the rules in one
// SQL function (sql/rules.sql) and a pool of connections. It answers the same
// calls as lagnetd, without API key, validation, sealing and log.
//
//   PGHOST=... PGUSER=... PGDATABASE=peer node peer.js
//
// prints its port when it is ready.

const crypto = require('node:crypto');
const path = require('node:path');
const grpc = require('@grpc/grpc-js');
const loader = require('@grpc/proto-loader');
const { Pool } = require('pg');

const PROTOS = path.join(__dirname, '../../../protos');
const STATES = { 4: 'CONFIRMED', 5: 'WAITLISTED' };

const pool = new Pool({ max: 16 });
const definition = loader.loadSync('lagnet/visits/v1/sign_ups.proto', {
  includeDirs: [PROTOS], keepCase: true, enums: String, defaults: true });
const { SignUpService } = grpc.loadPackageDefinition(definition)
  .lagnet.visits.v1;

async function createSignUp({ parent, request_id: requestId, sign_up: wish }) {
  const { rows: [taken] } = await pool.query({
    name: 'take_seat',
    text: 'SELECT * FROM take_seat($1, $2, $3, $4, $5, $6)',
    values: [
      Number(parent.slice('studyVisits/bench-'.length)),
      wish.organization.slice('organizations/'.length),
      wish.members[0].email,
      Buffer.from(JSON.stringify(wish.members)),
      'accounts/bench', requestId,
    ],
  });
  return {
    ...wish,
    name: `${parent}/signUps/${crypto.randomUUID()}`,
    state: STATES[taken.state],
    wait_position: taken.place ?? 0,
  };
}

const server = new grpc.Server({ 'grpc.max_concurrent_streams': 100000 });
server.addService(SignUpService.service, {
  CreateSignUp: (call, answer) => createSignUp(call.request).then(
    (signUp) => answer(null, signUp),
    (error) => answer({ code: grpc.status.UNKNOWN, message: error.message })),
});
server.bindAsync(
  '127.0.0.1:0', grpc.ServerCredentials.createInsecure(), (error, port) => {
    if (error) throw error;
    console.log(port);
  });

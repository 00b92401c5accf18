// A bare Fastify route that answers with the bytes of a page of the gateway.
//
//   node bare.js http://127.0.0.1:7380/en/visits/bench-1
//
// prints its port when it is ready.

const http = require('node:http');
const { fastify } = require('fastify');

const headers = { 'accept-encoding': 'br' };
http.get(process.argv[2], { headers }, async (answer) => {
  const page = Buffer.concat(await answer.toArray());
  const app = fastify();
  app.get('/', (_, reply) => {
    reply.header('content-encoding', answer.headers['content-encoding']);
    reply.type(answer.headers['content-type']);
    reply.send(page);
  });
  const address = await app.listen({ host: '127.0.0.1', port: 0 });
  console.log(new URL(address).port);
});

import { connect } from "@lagnet/client";
import { makeApp } from "./app.js";
import { readConfig } from "./config.js";
import { inTurns } from "./serving/turns.js";
import { Upstream } from "./serving/upstream.js";

// Whatever holds it up then would hold it up for ever.
const LONGEST_STOP_MS = 15_000;

// Serves the pages until told to stop.
async function main(): Promise<void> {
  const config = readConfig(process.env);
  const interceptors = [inTurns()];
  const lagnet = connect({ ...config.server, interceptors });
  const callers = connect({ ...config.callers, interceptors });
  const api = { lagnet: callers, origins: config.corsOrigins };
  const app = await makeApp(new Upstream(lagnet), config.url, config.proxies, api);
  const stop = async () => {
    setTimeout(() => process.exit(1), LONGEST_STOP_MS).unref();
    await app.close();
    lagnet.close();
    callers.close();
  };
  process.once("SIGTERM", stop);
  process.once("SIGINT", stop);
  const address = await app.listen({ host: config.host, port: config.port });
  if (config.user !== "") become(config.user);
  process.stdout.write(`lagnet web is ready: ${address}\n`);
}

// Keys and programs may lie where only root reads them; nobody's request is to
// reach a process that may do everything.
function become(user: string): void {
  if (process.getuid?.() !== 0) return;
  process.setgroups?.([user]);
  process.setgid?.(user);
  process.setuid?.(user);
}

main().catch((error: Error) => {
  process.stderr.write(`lagnet web: ${error.message}\n`);
  process.exit(1);
});

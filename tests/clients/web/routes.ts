// What the gateway answers, as it has it itself.
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { join } from "node:path";
import { ROOT, type World } from "./world.js";

// What Fastify tells of a server that is about to take its routes.
interface Starting {
  fastify: {
    addHook(
      name: "onRoute", hook: (route: { method: string | string[]; url: string }) => void,
    ): void;
  };
}

/** Every route of the pages that changes something, as Fastify has them:
 * `POST /:language/sign-in`. */
export async function changingRoutes(world: World): Promise<string[]> {
  const routes = new Set<string>();
  const onStart = (message: unknown) =>
    (message as Starting).fastify.addHook("onRoute", ({ method, url }) => {
      for (const one of [method].flat()) {
        // Calls of the API are made with what no browser sends by itself.
        if (!["GET", "HEAD", "OPTIONS"].includes(one) && !url.startsWith("/api/")) {
          routes.add(`${one} ${url.replace(/^\/(en|ka|pl|cs)\//, "/:language/")}`);
        }
      }
    });
  subscribe("fastify.initialization", onStart);
  const dist = join(ROOT, "clients/web/dist/src");
  const { makeApp } = await import(join(dist, "app.js"));
  const { Upstream } = await import(join(dist, "serving/upstream.js"));
  const app = await makeApp(
    new Upstream(world.lagnet), world.gateway.url, 0, { lagnet: world.lagnet, origins: [] },
  );
  await app.ready();
  await app.close();
  unsubscribe("fastify.initialization", onStart);
  return [...routes];
}

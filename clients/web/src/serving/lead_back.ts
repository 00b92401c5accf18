import type { FastifyInstance } from "fastify";

/** Leads whoever opens the address that a form was sent to, by loading the
 * answer anew or in another language, back to the page with the form: with the
 * query of that address, so a form has that of its page. Call it before the
 * routes of `pages`, and what it returns after them. */
export function leadBack(pages: FastifyInstance): () => void {
  const shown = new Set<string>();
  const sent = new Set<string>();
  pages.addHook("onRoute", ({ method, routePath }) => {
    const methods = [method].flat();
    if (methods.includes("GET")) shown.add(routePath);
    if (methods.includes("POST")) sent.add(routePath);
  });
  return () => {
    for (const path of [...sent].filter((path) => !shown.has(path))) {
      const parts = path.split("/");
      let up = 1;
      while (up < parts.length - 1 && !shown.has(parts.slice(0, -up).join("/"))) ++up;
      pages.get(path, async ({ url }, reply) =>
        reply.header("cache-control", "no-store").redirect(above(url, up), 303));
    }
  };
}

function above(url: string, up: number): string {
  const [path = "", ...query] = url.split(/(?=\?)/);
  return path.split("/").slice(0, -up).join("/") + query.join("");
}

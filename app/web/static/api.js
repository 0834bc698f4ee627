// The public API from a page, and pieces of pages that the server renders.

/** What the API refused, or the network lost. `slug` names it: "turn-out-of-date", "no-connection". */
export class Problem extends Error {
  constructor(document) {
    super(document.detail);
    this.title = document.title;
    this.status = document.status;
    this.slug = document.type.split("/").pop();
    this.fields = document;
  }
}

const UNREACHABLE = {
  type: "no-connection",
  title: "No connection to the server",
  status: 0,
  detail: "Nothing was lost. Check that Viva still runs, then try again.",
};

/** fetch, but it throws a Problem for every refusal and every lost connection. */
export async function request(path, options = {}) {
  let response;
  try {
    response = await fetch(path, { cache: "no-store", ...options });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Problem(UNREACHABLE);
  }
  if (response.ok) return response;
  const type = response.headers.get("content-type") || "";
  const detail = `The server answered ${response.status}.`;
  throw new Problem(
    type.startsWith("application/problem+json")
      ? await response.json()
      : { type: "http-error", title: "Something went wrong", status: response.status, detail },
  );
}

/** A call with JSON in and out; null where the answer is empty. */
export async function call(method, path, body, headers = {}) {
  const options = { method, headers: { Accept: "application/json", ...headers } };
  if (body instanceof FormData) {
    options.body = body;
  } else if (body !== undefined) {
    options.headers["Content-Type"] = "application/json";
    options.body = JSON.stringify(body);
  }
  const response = await request(path, options);
  return response.status === 204 ? null : response.json();
}

const policy = window.trustedTypes?.createPolicy("viva", { createHTML: (text) => text });

/** A piece of a page as nodes. Only for this server's own templates, which escape whatever they show. */
export async function part(path) {
  // Not an address bar's Accept: a refusal comes as a problem document.
  const text = await (await request(path, { headers: { Accept: "application/problem+json, text/html" } })).text();
  const template = document.createElement("template");
  template.innerHTML = policy ? policy.createHTML(text) : text;
  return template.content;
}

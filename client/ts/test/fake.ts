// A node that answers what a test says.
export interface Asked {
  method: string;
  path: string;
  body: unknown;
  height: string | null;
}

/** fakeNode returns a fetch that answers by path, and what it was asked. */
export function fakeNode(answers: Record<string, unknown | ((asked: Asked) => unknown)>): { fetch: typeof fetch; asked: Asked[] } {
  const asked: Asked[] = [];
  const answer = async (input: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
    const url = new URL(String(input));
    const call: Asked = {
      method: init?.method ?? "GET", path: url.pathname + url.search, body: init?.body ? JSON.parse(String(init.body)) : undefined,
      height: new Headers(init?.headers).get("x-cosmos-block-height"),
    };
    asked.push(call);
    const made = answers[call.path] ?? answers[url.pathname];
    const value = typeof made === "function" ? (made as (a: Asked) => unknown)(call) : made;
    if (value instanceof Response) return value;
    if (value === undefined) return refuse(404, 5, `${call.path}: not found`);
    return new Response(JSON.stringify(value), { headers: { "grpc-metadata-x-cosmos-block-height": "42" } });
  };
  return { fetch: answer as typeof fetch, asked };
}

/** refuse is an error of the gateway. */
export const refuse = (status: number, code: number, message: string): Response => new Response(JSON.stringify({ code, message, details: [] }), { status });

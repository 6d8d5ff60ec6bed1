/** The client with all modules: for servers and scripts. A page imports the modules that it uses. */
import { AlitaClient, type ClientOptions } from "./client.js";
import * as modules from "./modules.js";

export * from "./index.js";
export { modules };

/** Alita is a client that knows all modules. */
export type Alita = AlitaClient<typeof modules>;

/** connect returns a client of the chain whose node's REST port is at the url. */
export function connect(url: string, options: Omit<ClientOptions<typeof modules>, "modules"> = {}): Promise<Alita> {
  return AlitaClient.connect(url, { ...options, modules });
}

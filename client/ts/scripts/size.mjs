// Prints what bundles of a page weigh: minified by esbuild, as they are, by gzip and by brotli. Needs npm run build.
import { build } from "esbuild";
import { brotliCompressSync, gzipSync } from "node:zlib";

const bundles = {
  "swap alone, wallet signer": `
    import { AlitaClient, atLeast, coin, timestamp, walletSigner } from "@alita-network/client";
    import { datapool } from "@alita-network/client/modules";
    export const go = async (w) => { const c = await AlitaClient.connect("", { modules: { datapool } }); return [c, atLeast, coin, timestamp, await walletSigner(w)]; };`,
  "swap by its message alone, wallet signer": `
    import { AlitaClient, msg, walletSigner } from "@alita-network/client";
    import { MsgSwapExactInSchema } from "@alita-network/client/proto/alita/datapool/v1/tx";
    export const go = async (w, v) => (await AlitaClient.connect("", { modules: {} })).tx(await walletSigner(w), [msg(MsgSwapExactInSchema, v)]);`,
  "opening secure sums alone": `export { openSum, SealKey } from "@alita-network/client/crypto";`,
  "swap, bank, compute and opening secure sums": `
    import { AlitaClient, walletSigner } from "@alita-network/client";
    import { bank, compute, datapool } from "@alita-network/client/modules";
    export { openSum, SealKey } from "@alita-network/client/crypto";
    export const go = async (w) => [await AlitaClient.connect("", { modules: { bank, compute, datapool } }), await walletSigner(w)];`,
  "everything, local keys too": `export * from "@alita-network/client/all"; export * from "@alita-network/client/crypto";`,
};

console.log("| bundle | minified | gzip | brotli |\n| --- | --- | --- | --- |");
for (const [name, contents] of Object.entries(bundles)) {
  const { outputFiles } = await build({ stdin: { contents, resolveDir: process.cwd() }, bundle: true, minify: true, format: "esm", target: "es2022", write: false, logLevel: "error" });
  const code = outputFiles[0].contents;
  const k = (n) => `${(n / 1000).toFixed(1)} kB`;
  console.log(`| ${name} | ${k(code.length)} | ${k(gzipSync(code, { level: 9 }).length)} | ${k(brotliCompressSync(code).length)} |`);
}

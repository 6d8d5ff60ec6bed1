// The logo: an A whose bar is one point, the one answer that is readable. Drawn once, as SVG and as pixels.
import { deflateSync, inflateSync } from "node:zlib";

const SIZE = 256;
const RADIUS = 60;
const LEGS: readonly (readonly [number, number, number, number])[] = [[66, 188, 128, 64], [128, 64, 190, 188]];
const STROKE = 24;
const POINT = { x: 128, y: 166, r: 17 };
const GROUND = [0x0b, 0x7a, 0x6b] as const;

/** logoSvg is the logo as text. */
export function logoSvg(): string {
  const path = LEGS.map(([x1, y1, x2, y2]) => `M${x1} ${y1}L${x2} ${y2}`).join("");
  const ground = `#${GROUND.map((c) => c.toString(16).padStart(2, "0")).join("")}`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${SIZE} ${SIZE}" role="img" aria-label="Alita">`,
    `  <rect width="${SIZE}" height="${SIZE}" rx="${RADIUS}" fill="${ground}"/>`,
    `  <path d="${path}" fill="none" stroke="#fff" stroke-width="${STROKE}" stroke-linecap="round"/>`,
    `  <circle cx="${POINT.x}" cy="${POINT.y}" r="${POINT.r}" fill="#fff"/>`,
    "</svg>",
    "",
  ].join("\n");
}

// Signed distances to the shapes, below zero inside.
function groundDistance(x: number, y: number): number {
  const half = SIZE / 2 - RADIUS;
  const [dx, dy] = [Math.abs(x - SIZE / 2) - half, Math.abs(y - SIZE / 2) - half];
  return Math.hypot(Math.max(dx, 0), Math.max(dy, 0)) + Math.min(Math.max(dx, dy), 0) - RADIUS;
}

function markDistance(x: number, y: number): number {
  const legs = LEGS.map(([x1, y1, x2, y2]) => {
    const [vx, vy] = [x2 - x1, y2 - y1];
    const t = Math.min(1, Math.max(0, ((x - x1) * vx + (y - y1) * vy) / (vx * vx + vy * vy)));
    return Math.hypot(x - x1 - t * vx, y - y1 - t * vy) - STROKE / 2;
  });
  return Math.min(...legs, Math.hypot(x - POINT.x, y - POINT.y) - POINT.r);
}

const coverage = (distance: number): number => Math.min(1, Math.max(0, 0.5 - distance));

/** logoRows are the lines of the picture as PNG has them before they are compressed: a filter byte, then red, green, blue, alpha. */
export function logoRows(): Uint8Array {
  const out = new Uint8Array(SIZE * (1 + 4 * SIZE));
  for (let row = 0; row < SIZE; row++) {
    for (let column = 0; column < SIZE; column++) {
      const white = coverage(markDistance(column + 0.5, row + 0.5));
      const pixel = [...GROUND.map((c) => Math.round(c + (255 - c) * white)), Math.round(255 * coverage(groundDistance(column + 0.5, row + 0.5)))];
      out.set(pixel, row * (1 + 4 * SIZE) + 1 + 4 * column);
    }
  }
  return out;
}

const CRC = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c;
});

function chunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, "ascii"), data]);
  let crc = 0xffffffff;
  for (const b of body) crc = CRC[(crc ^ b) & 255]! ^ (crc >>> 8);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  check.writeUInt32BE((crc ^ 0xffffffff) >>> 0);
  return Buffer.concat([length, body, check]);
}

/** logoPng is the logo as PNG (RFC 2083). */
export function logoPng(): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(SIZE, 0);
  header.writeUInt32BE(SIZE, 4);
  header.set([8, 6, 0, 0, 0], 8);
  return Buffer.concat([Buffer.from("89504e470d0a1a0a", "hex"), chunk("IHDR", header), chunk("IDAT", deflateSync(logoRows(), { level: 9 })), chunk("IEND", new Uint8Array())]);
}

/** rowsOfPng takes the lines out of a PNG that logoPng has made: how they are compressed may differ between versions of Node. */
export function rowsOfPng(png: Buffer): Buffer {
  const at = png.indexOf("IDAT");
  return inflateSync(png.subarray(at + 4, at + 4 + png.readUInt32BE(at - 4)));
}

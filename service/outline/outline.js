// Writes the outline of the land as an SVG of 1800 by 900 units, five a degree: x from 180° W, y from 90° N.
//
// That is half a pixel of the widest map.  Points that fall together are one, and what has no area is left out, so that
// the path is small enough to stand in a page.  Data: Natural Earth, in the public domain, by way of world-atlas.
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { geoEquirectangular, geoPath } from "d3-geo";
import { feature } from "topojson-client";

const WIDTH = 1800;

const file = createRequire(import.meta.url).resolve("world-atlas/land-110m.json");
const atlas = JSON.parse(readFileSync(file, "utf8"));

// The projection cuts what crosses the edge of the map.
const rings = [];
const round = (x, y) => [Math.round(x), Math.round(y)];
const collect = {
  moveTo: (x, y) => rings.push([round(x, y)]),
  lineTo(x, y) {
    const ring = rings.at(-1), point = round(x, y), last = ring.at(-1);
    if (point[0] !== last[0] || point[1] !== last[1]) ring.push(point);
  },
  closePath() {},
};
const projection = geoEquirectangular().precision(0).scale(WIDTH / (2 * Math.PI)).translate([WIDTH / 2, WIDTH / 4]);
geoPath(projection, collect)(feature(atlas, atlas.objects.land));

// Relative, and a number below 0 needs no space before it.
const path = ([first, ...rest]) => {
  const steps = rest.map(([x, y], index) => `${x - (rest[index - 1] ?? first)[0]} ${y - (rest[index - 1] ?? first)[1]}`);
  return `M${first.join(" ")}l${steps.join(" ").replaceAll(" -", "-")}z`;
};

const d = rings.filter((ring) => ring.length > 3).map(path).join("");
writeFileSync(
  process.argv[2],
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${WIDTH / 2}"><path d="${d}"/></svg>\n`,
);

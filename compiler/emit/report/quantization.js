"use strict";
// Draws the page from the data in it. What a model calls its parts only ever becomes the text of a node.
const data = JSON.parse(document.getElementById("data").textContent);

// ---- Elements and numbers ----

function element(parent, tag, attributes = {}, text = null) {
  const isSvg = parent.namespaceURI.endsWith("svg") || tag === "svg";
  const node = isSvg ? document.createElementNS("http://www.w3.org/2000/svg", tag) : document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  if (text !== null) node.textContent = text;
  parent.appendChild(node);
  return node;
}

const place = (id) => document.getElementById(id);

function drawing(parent, width, height, title) {
  const svg = element(parent, "svg", { role: "img", width, height, viewBox: `0 0 ${width} ${height}` });
  element(svg, "title", {}, title);
  return svg;
}

const grouped = (number) => number.toLocaleString("en-US");
const short = (number) => (Math.abs(number) >= 1e5 ? number.toExponential(2) : String(Number(number.toPrecision(3))));
const decibels = (value) => (value === null ? "same" : `${value.toFixed(1)} dB`);
const percent = (part, digits = 2) => `${(100 * part).toFixed(digits)} %`;

/** The first of names that are joined by semicolons, and of that the end. */
function shorten(name, width) {
  const first = name.split(";")[0];
  return first.length <= width ? first : `…${first.slice(first.length - width + 1)}`;
}

/** `w4 a8`; a float has no bits worth telling. */
function bitsText(node) {
  const show = (letter, bits) => (bits === undefined ? "" : bits === 32 ? `${letter} f32` : `${letter}${bits}`);
  return [show("w", node.weight_bits), show("a", node.output_bits)].filter(Boolean).join(" ");
}

/** Of a format's name: `int8`, `int4 per 32`, `f32`, `binary`. */
const bitsOf = (format) => Number(format.match(/\d+/)?.[0] ?? 1);

const colorOf = (bits) => `var(--b${bits === undefined || bits > 8 ? 32 : bits})`;
const layers = data.model.layers;
const comparisonOf = new Map(data.layers.map((layer) => [layer.number, layer]));
const hurting = new Set(data.hurting);

// ---- Figures at the top ----

const flash = (report) => report.text_bytes + report.rodata_bytes;

function showFigures() {
  place("subtitle").textContent =
    `sizes for ${data.after.target}; each layer is compared with the model before quantization on ` +
    `${data.samples} samples` +
    (data.unmatched_layers ? `; ${data.unmatched_layers} of its layers have no counterpart here` : "");
  const add = (label, value) => {
    const box = element(place("figures"), "div");
    element(box, "dt", {}, label);
    element(box, "dd", {}, value);
  };
  const change = (label, before, after) => add(`${label}, bytes`, `${grouped(before)} → ${grouped(after)}`);
  change("flash", flash(data.before), flash(data.after));
  change("arena", data.before.arena_bytes, data.after.arena_bytes);
  change("weights", data.before.weight_bytes, data.after.weight_bytes);
  const last = data.layers[data.layers.length - 1];
  add("SQNR of the last layer", decibels(last.sqnr_db));
}

// ---- Graph ----

const node = { width: 400, height: 30, gap: 16, step: 46 };

/** Nodes with their ranks: one more than the highest of what they read. Inputs of the model have negative numbers. */
function rankedNodes() {
  const nodes = new Map();
  data.model.inputs.forEach((input, index) => {
    nodes.set(-1 - index, { name: input.name, inputs: [], rank: 0, output_bits: bitsOf(input.format) });
  });
  data.graph.forEach((each, number) => {
    const rank = 1 + Math.max(0, ...each.inputs.map((input) => nodes.get(input).rank));
    nodes.set(number, { ...each, name: layers[number].name, op: layers[number].op, rank });
  });
  return nodes;
}

function placeNodes(nodes) {
  const ranks = new Map();
  for (const each of nodes.values()) ranks.set(each.rank, [...(ranks.get(each.rank) || []), each]);
  const most = Math.max(...[...ranks.values()].map((rank) => rank.length));
  const margin = 120;
  const width = most * (node.width + node.gap) + 2 * margin;
  for (const [rank, members] of ranks)
    members.forEach((member, index) => {
      member.x = width / 2 + (index - (members.length - 1) / 2) * (node.width + node.gap) - node.width / 2;
      member.y = 12 + rank * node.step;
    });
  return { width, height: 12 + ranks.size * node.step };
}

/** Straight down to the next rank; around the nodes between, on the right, to a later one. */
function edgePath(from, to) {
  const [x1, y1, x2, y2] = [from.x + node.width / 2, from.y + node.height, to.x + node.width / 2, to.y];
  if (to.rank === from.rank + 1) return `M${x1},${y1}C${x1},${y1 + 8} ${x2},${y2 - 8} ${x2},${y2}`;
  const right = Math.max(from.x, to.x) + node.width;
  const away = right + Math.min(110, 20 + 9 * (to.rank - from.rank));
  const [begin, end] = [from.y + node.height / 2, to.y + node.height / 2];
  return `M${from.x + node.width},${begin}C${away},${begin} ${away},${end} ${to.x + node.width},${end}`;
}

function drawNode(svg, each, number) {
  const comparison = comparisonOf.get(number);
  const parent = comparison ? element(svg, "a", { href: `#layer${number}`, class: "node" }) : element(svg, "g", { class: "node" });
  element(parent, "title", {}, `${each.name}${each.op ? `\n${each.op} ${layers[number].output_shape.join("×")}` : ""}`);
  element(parent, "rect", { class: "box", x: each.x, y: each.y, width: node.width, height: node.height, rx: 4 });
  const bits = each.weight_bits ?? each.output_bits;
  element(parent, "rect", { x: each.x, y: each.y, width: 6, height: node.height, rx: 2, style: `fill:${colorOf(bits)}` });
  const baseline = each.y + node.height / 2 + 4;
  const text = (x, anchor, style, content) =>
    element(parent, "text", { x, y: baseline, "text-anchor": anchor, class: style }, content);
  text(each.x + 14, "start", comparison && hurting.has(comparison.layer) ? "hurts" : "", each.op ? shorten(each.name, 25) : `input ${shorten(each.name, 22)}`);
  text(each.x + node.width - 116, "end", "quiet", each.op || "");
  text(each.x + node.width - 66, "end", "bits", bitsText(each));
  text(each.x + node.width - 6, "end", "quiet", comparison ? decibels(comparison.sqnr_db) : "");
}

function drawGraph() {
  const nodes = rankedNodes();
  const { width, height } = placeNodes(nodes);
  const svg = drawing(place("graph"), width, height, "graph of the layers");
  for (const each of nodes.values())
    for (const input of each.inputs) element(svg, "path", { class: "edge", d: edgePath(nodes.get(input), each) });
  for (const [number, each] of nodes) drawNode(svg, each, number);
  const used = new Set([...nodes.values()].flatMap((each) => [each.weight_bits, each.output_bits]).filter(Boolean));
  for (const bits of [...used].sort((a, b) => a - b))
    element(place("bits"), "span", { style: `--kind:${colorOf(bits)}` }, bits === 1 ? "1 bit" : `${bits} bits`);
}

// ---- Table of layers ----

function table(parent, columns) {
  const root = element(parent, "table");
  const row = element(element(root, "thead"), "tr");
  for (const [title, isNumber] of columns) element(row, "th", isNumber ? { class: "number" } : {}, title);
  return element(root, "tbody");
}

function barCell(row, text, part) {
  const share = Math.max(0, Math.min(1, part));
  element(row, "td", { class: "number", style: `--part:${(100 * share).toFixed(1)}%` }, text);
}

function drawSensitivity() {
  place("hurting").textContent = data.hurting.length
    ? `Most noise is added by ${data.hurting.map((name) => shorten(name, 48)).join(", ")}. Added noise: a layer's noise over its ` +
      "signal, less the greatest such share of what it is computed from."
    : "No layer adds noise.";
  const body = table(place("sensitivity"), [
    ["layer", false], ["bits", false], ["SQNR", true], ["added noise", true], ["cosine", true],
    ["saturated", true], ["dead codes", true], ["weights' SQNR", true], ["weight bytes", true],
  ]);
  const largest = (value) => Math.max(1e-30, ...data.layers.map(value));
  const [mostNoise, mostRatio] = [largest((layer) => layer.added_noise ?? 0), largest((layer) => layer.sqnr_db ?? 0)];
  const mostBytes = Math.max(1, ...layers.map((layer) => layer.weight_bytes));
  for (const layer of data.layers) {
    const row = element(body, "tr");
    element(row, "td", { class: "name", title: layer.layer }, shorten(layer.layer, 44));
    element(row, "td", { class: "bits" }, bitsText(data.graph[layer.number]));
    barCell(row, decibels(layer.sqnr_db), layer.sqnr_db === null ? 1 : layer.sqnr_db / mostRatio);
    barCell(row, layer.added_noise === null ? "" : percent(layer.added_noise, 4), (layer.added_noise ?? 0) / mostNoise);
    element(row, "td", { class: "number" }, layer.cosine.toFixed(6));
    const isBad = layer.saturated > 0.01;
    element(row, "td", { class: isBad ? "number bad" : "number" }, layer.codes ? percent(layer.saturated) : "");
    element(row, "td", { class: "number" }, layer.codes ? `${grouped(layer.dead_codes)} of ${grouped(layer.codes)}` : "");
    element(row, "td", { class: "number" }, layer.weights ? decibels(layer.weights.sqnr_db) : "");
    const bytes = layers[layer.number].weight_bytes;
    barCell(row, grouped(bytes), bytes / mostBytes);
  }
}

// ---- Histograms ----

function drawHistogram(parent, histogram, title, style) {
  const [width, height, base] = [280, 96, 78];
  const svg = drawing(parent, width, height, title);
  const [low, high] = histogram.clip || [histogram.low, histogram.high];
  // Codes may reach far beyond the values; the values are what is looked at.
  const span = Math.max(histogram.high - histogram.low, 1e-30);
  const from = Math.max(Math.min(low, histogram.low), histogram.low - 0.4 * span);
  const to = Math.min(Math.max(high, histogram.high), histogram.high + 0.4 * span);
  const x = (value) => 4 + ((value - from) / Math.max(to - from, 1e-30)) * (width - 8);
  const most = Math.log1p(Math.max(...histogram.counts));
  const step = (histogram.high - histogram.low) / histogram.counts.length;
  histogram.counts.forEach((count, index) => {
    const tall = most ? (Math.log1p(count) / most) * (base - 14) : 0;
    const left = x(histogram.low + index * step);
    const wide = Math.max(1, x(histogram.low + (index + 1) * step) - left - 0.5);
    if (count) element(svg, "rect", { class: `${style} bar`, x: left, y: base - tall, width: wide, height: tall });
  });
  element(svg, "line", { class: "axis", x1: 0, x2: width, y1: base, y2: base });
  if (histogram.clip) {
    const shade = (a, b) => b > a && element(svg, "rect", { class: "clipped", x: x(a), y: 0, width: x(b) - x(a), height: base });
    shade(from, Math.min(low, to));
    shade(Math.max(high, from), to);
    for (const end of [low, high])
      if (end >= from && end <= to) element(svg, "line", { class: "clip", x1: x(end), x2: x(end), y1: 0, y2: base });
  }
  const text = (position, anchor, content) =>
    element(svg, "text", { x: position, y: 91, "text-anchor": anchor, class: "quiet" }, content);
  text(2, "start", short(from));
  text(width - 2, "end", short(to));
  text(width / 2, "middle", title);
}

function drawHistograms() {
  for (const layer of data.layers) {
    const card = element(place("histograms"), "div", { class: "card", id: `layer${layer.number}` });
    element(card, "h3", { title: layer.layer }, shorten(layer.layer, 60));
    element(card, "p", { class: "quiet" }, `${layers[layer.number].op}, ${bitsText(data.graph[layer.number])}, ${decibels(layer.sqnr_db)}`);
    if (layer.activations) drawHistogram(card, layer.activations, "results", "");
    if (layer.weights) drawHistogram(card, layer.weights, "weights", "weight");
  }
}

// ---- Sizes ----

function drawSizes() {
  const body = table(place("sizes"), [["", false], ["before", true], ["after", true], ["after / before", true]]);
  const rows = [
    ["weights", (report) => report.weight_bytes],
    ["code", (report) => report.text_bytes],
    ["read-only data", (report) => report.rodata_bytes],
    ["flash: code and read-only data", flash],
    ["arena", (report) => report.arena_bytes],
    ["stack bound", (report) => report.stack_bytes],
  ];
  for (const [label, get] of rows) {
    const [before, after] = [get(data.before), get(data.after)];
    if (!Number.isFinite(before) || !Number.isFinite(after)) continue;
    const row = element(body, "tr");
    element(row, "td", {}, label);
    element(row, "td", { class: "number" }, `${grouped(before)} bytes`);
    element(row, "td", { class: "number" }, `${grouped(after)} bytes`);
    barCell(row, before ? (after / before).toFixed(3) : "", before ? after / before : 0);
  }
}

/**
 * Squarified treemap (Bruls, Huizing, van Wijk 2000): rows along the shorter side, each as long as its worst rectangle
 * gets nearer to a square. `items` have positive sizes, the largest first, and get `x`, `y`, `width`, `height`.
 */
function squarify(items, x, y, width, height) {
  if (!items.length) return;
  const total = items.reduce((sum, item) => sum + item.size, 0);
  const side = Math.min(width, height);
  const scale = (width * height) / total;
  const worst = (count, sum) => {
    const depth = (sum * scale) / side;
    return Math.max(...[items[0], items[count - 1]].map((item) => {
      const length = (item.size * scale) / depth;
      return Math.max(length / depth, depth / length);
    }));
  };
  let [count, sum] = [1, items[0].size];
  while (count < items.length && worst(count + 1, sum + items[count].size) <= worst(count, sum)) sum += items[count++].size;
  const depth = (sum * scale) / side;
  let at = 0;
  for (const item of items.slice(0, count)) {
    const length = (item.size * scale) / depth;
    Object.assign(item, width >= height ? { x, y: y + at, width: depth, height: length } : { x: x + at, y, width: length, height: depth });
    at += length;
  }
  if (width >= height) squarify(items.slice(count), x + depth, y, width - depth, height);
  else squarify(items.slice(count), x, y + depth, width, height - depth);
}

function drawTreemap() {
  // Of the compiled model, in which channels without effect are gone.
  const weights = data.after.layers.map((layer) => ({
    name: shorten(layer.name, 60), size: layer.weight_bytes, color: colorOf(bitsOf(layer.formats.weight ?? "f32")),
  }));
  const sum = weights.reduce((total, item) => total + item.size, 0);
  const items = [
    ...weights,
    { name: "code", size: data.after.text_bytes, color: "var(--scratch)" },
    { name: "other read-only data", size: data.after.rodata_bytes - sum, color: "var(--input)" },
  ].filter((item) => item.size > 0).sort((a, b) => b.size - a.size);
  const [width, height] = [1100, 360];
  squarify(items, 0, 0, width, height);
  const svg = drawing(place("treemap"), width, height, "what is in flash");
  for (const item of items) {
    const tile = element(svg, "rect", { class: "tile", x: item.x, y: item.y, width: item.width, height: item.height, style: `fill:${item.color}` });
    element(tile, "title", {}, `${item.name}: ${grouped(item.size)} bytes`);
    const room = Math.floor((item.width - 8) / 5.8);
    if (item.height < 16 || room < 6) continue;
    element(svg, "text", { class: "on", x: item.x + 5, y: item.y + 13 }, shorten(item.name, room));
    if (item.height > 30) element(svg, "text", { class: "on", x: item.x + 5, y: item.y + 26 }, grouped(item.size).slice(0, room));
  }
}

// ---- Pareto front ----

/** Round numbers for about four lines from `low` to `high`. */
function ticks(low, high) {
  const rough = (high - low) / 4 || 1;
  const unit = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((digit) => digit * unit).find((each) => each >= rough);
  const result = [];
  for (let value = Math.ceil(low / step) * step; value <= high; value += step) result.push(value);
  return result;
}

function drawFront() {
  const { budgets, chosen, fronts, sensitivity } = data.pareto;
  const resource = budgets.length ? budgets[0].resource : "flash";
  const points = fronts.find((front) => front.resource === resource).points;
  const mark = chosen && { cost: chosen[resource], loss: chosen.loss };
  const limit = budgets.length ? budgets[0].limit : null;
  place("pareto").hidden = false;
  const [width, height, left, base, top] = [1100, 320, 80, 276, 14];
  const svg = drawing(place("front"), width, height, `${sensitivity} by ${resource}`);
  // Losses differ by orders of magnitude; one that is not positive has no logarithm.
  const all = mark ? [...points, mark] : points;
  const isLog = all.every((point) => point.loss > 0);
  const level = (loss) => (isLog ? Math.log10(loss) : loss);
  const range = (values) => {
    const [low, high] = [Math.min(...values), Math.max(...values)];
    return [low, high > low ? high : low + 1];
  };
  const costs = all.map((point) => point.cost);
  const [minCost, maxCost] = range(limit === null ? costs : [...costs, limit]);
  const [minLevel, maxLevel] = range(all.map((point) => level(point.loss)));
  const x = (cost) => left + ((cost - minCost) / (maxCost - minCost)) * (width - left - 40);
  const y = (loss) => base - ((level(loss) - minLevel) / (maxLevel - minLevel)) * (base - top);
  const text = (px, py, anchor, style, content) => element(svg, "text", { x: px, y: py, "text-anchor": anchor, class: style }, content);
  for (const cost of ticks(minCost, maxCost)) {
    element(svg, "line", { class: "grid", x1: x(cost), x2: x(cost), y1: top, y2: base });
    text(x(cost), base + 15, "middle", "quiet", grouped(cost));
  }
  for (const value of ticks(minLevel, maxLevel)) {
    const loss = isLog ? 10 ** value : value;
    element(svg, "line", { class: "grid", x1: left, x2: width - 40, y1: y(loss), y2: y(loss) });
    text(left - 6, y(loss) + 3, "end", "quiet", loss.toPrecision(2));
  }
  text((left + width) / 2, base + 34, "middle", "quiet", resource);
  text(left, top - 3, "start", "quiet", `loss: ${sensitivity}`);
  element(svg, "polyline", { class: "front", points: points.map((point) => `${x(point.cost)},${y(point.loss)}`).join(" ") });
  for (const point of points) {
    const dot = element(svg, "circle", { class: "point", cx: x(point.cost), cy: y(point.loss), r: points.length > 60 ? 1.5 : 3 });
    element(dot, "title", {}, `${grouped(point.cost)}: ${short(point.loss)}`);
  }
  if (limit !== null) {
    element(svg, "line", { class: "bound dashed", x1: x(limit), x2: x(limit), y1: top, y2: base });
    text(x(limit) - 5, top + 10, "end", "bound", `budget ${grouped(limit)}`);
  }
  if (mark) {
    const dot = element(svg, "circle", { class: "chosen", cx: x(mark.cost), cy: y(mark.loss), r: 6 });
    element(dot, "title", {}, `chosen: ${grouped(mark.cost)}, ${short(mark.loss)}`);
  }
}

showFigures();
drawGraph();
drawSensitivity();
drawHistograms();
drawSizes();
drawTreemap();
if (data.pareto) drawFront();

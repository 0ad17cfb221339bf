/* A map for each run: the ground, panning and zooming, and layers of what happens on it.

   `sandtableMap.layer(name, make)` adds a layer to every map. make(map, group) draws into an SVG group
   and returns {layout(), update()}, either of which may be absent: layout is called when the
   scale changes, before update; update when day, replication or brush change. Layers lie on each
   other in the order in which they were added.

   A map has `run`, its number; `at(x, y)`, from units of the ground to the group's pixels;
   `scale`, pixels a unit; `room`, a list of boxes [left, top, right, bottom] that names keep off.
   All maps of a page show the same part of the ground. */
"use strict";

const sandtableMap = (function () {
  const {element, svg, data} = sandtable;
  const layers = [];
  const maps = [];
  /* The middle of what is seen, in units, and how far it is zoomed in from the whole. */
  const view = {x: 0, y: 0, zoom: 1};
  const MOST = 40;
  const FAR = 4;

  function ground(run) {
    return data("ground", run) || data("ground", 0);
  }

  function drawGround(map) {
    const {layers: drawn} = ground(map.run);
    if (!drawn.some((one) => one.layer === "land")) map.svg.classList.add("all-land");
    let frontiers = 0;
    for (const one of drawn) {
      const kind = `ground ${one.layer}` + (one.schematic ? " schematic" : "") +
        (one.foremost ? " foremost" : "") + (one.layer === "frontier" ? ` frontier-${frontiers++ % 3}` : "");
      map.ground.append(svg("path", {class: kind, d: one.d}));
    }
  }

  function whole(map) {
    const {width, height} = ground(map.run);
    return Math.min(map.width / width, map.height / height);
  }

  function place(map) {
    const scale = whole(map) * view.zoom;
    const shift = `translate(${map.width / 2 - view.x * scale} ${map.height / 2 - view.y * scale})`;
    map.ground.setAttribute("transform", `${shift} scale(${scale})`);
    map.over.setAttribute("transform", shift);
    if (scale !== map.scale) {
      map.scale = scale;
      layout(map);
    }
    scaleBar(map);
  }

  function layout(map) {
    map.room = [];
    for (const one of map.layers) if (one.layout) one.layout();
    update(map);
  }

  function update(map) {
    for (const one of map.layers) if (one.update) one.update();
  }

  function scaleBar(map) {
    const {km} = ground(map.run);
    const across = (map.width / map.scale) * km / 5;
    const power = 10 ** Math.floor(Math.log10(across));
    const round = [5, 2, 1].find((times) => times * power <= across) * power;
    const pixels = round / km * map.scale;
    map.bar.replaceChildren(
      svg("path", {d: `M0 -5V0H${pixels}V-5`}),
      svg("text", {x: pixels / 2, y: -7}, `${Number(round.toPrecision(1))} km`),
    );
    map.bar.setAttribute("transform", `translate(12 ${map.height - 12})`);
  }

  /* Zoom about a point of the map's element; without one about the middle. */
  function zoomBy(factor, map, px = map.width / 2, py = map.height / 2) {
    const before = whole(map) * view.zoom;
    const zoom = Math.min(MOST, Math.max(0.5, view.zoom * factor));
    const after = whole(map) * zoom;
    const shift = 1 / before - 1 / after;
    look(view.x + (px - map.width / 2) * shift, view.y + (py - map.height / 2) * shift, zoom);
  }

  /* Look at a point of the ground, in units. */
  function look(x, y, zoom = view.zoom) {
    const {width, height} = ground(0);
    Object.assign(view, {
      x: Math.min(width * 1.5, Math.max(-width / 2, x)),
      y: Math.min(height * 1.5, Math.max(-height / 2, y)),
      zoom,
    });
    maps.forEach(place);
  }

  function panBy(dx, dy, map) {
    look(view.x - dx / map.scale, view.y - dy / map.scale);
  }

  function home() {
    const {width, height} = ground(0);
    look(width / 2, height / 2, 1);
  }

  /* Where what is selected stands, in units; null if that is nowhere. */
  function pointOf({kind, id}) {
    if (kind === "formation") return sandtable.standing(id);
    return kind === "place" ? data("names").places[id] || null : null;
  }

  function bringIntoView({selection}) {
    const point = selection === null ? null : pointOf(selection);
    if (point === null) return;
    const away = maps.some(({width, height, scale}) => (
      Math.abs(point.x - view.x) * scale > width / 2 || Math.abs(point.y - view.y) * scale > height / 2));
    if (away) look(point.x, point.y);
  }

  /* ---- by hand ----------------------------------------------------------------------------- */

  function byPointer(map) {
    const held = new Map();
    let moved = 0;
    map.svg.addEventListener("pointerdown", (event) => {
      held.set(event.pointerId, [event.clientX, event.clientY]);
      moved = 0;
    });
    map.svg.addEventListener("pointermove", (event) => {
      const before = held.get(event.pointerId);
      if (before === undefined) return;
      const now = [event.clientX, event.clientY];
      moved += Math.hypot(now[0] - before[0], now[1] - before[1]);
      if (moved > FAR && !map.svg.hasPointerCapture(event.pointerId)) {
        map.svg.setPointerCapture(event.pointerId);
      }
      const others = [...held].filter(([id]) => id !== event.pointerId).map(([, at]) => at);
      held.set(event.pointerId, now);
      if (others.length === 0) panBy(now[0] - before[0], now[1] - before[1], map);
      else pinch(map, others[0], before, now);
    });
    for (const kind of ["pointerup", "pointercancel"]) {
      map.svg.addEventListener(kind, (event) => held.delete(event.pointerId));
    }
    /* What ends a pan is no click. */
    map.svg.addEventListener("click", (event) => {
      if (moved > FAR) event.stopPropagation();
    }, true);
  }

  function pinch(map, still, before, now) {
    const far = (a) => Math.hypot(a[0] - still[0], a[1] - still[1]);
    const box = map.svg.getBoundingClientRect();
    const middle = [(now[0] + still[0]) / 2 - box.left, (now[1] + still[1]) / 2 - box.top];
    if (far(before) > 0) zoomBy(far(now) / far(before), map, ...middle);
    panBy((now[0] - before[0]) / 2, (now[1] - before[1]) / 2, map);
  }

  /* A page must scroll on over a map that nobody has taken in hand. */
  function byWheel(map) {
    map.svg.addEventListener("wheel", (event) => {
      if (!event.ctrlKey && !map.frame.contains(document.activeElement)) return;
      event.preventDefault();
      const box = map.svg.getBoundingClientRect();
      zoomBy(Math.exp(-event.deltaY / 400), map, event.clientX - box.left, event.clientY - box.top);
    }, {passive: false});
  }

  function byKeys(map) {
    const steps = {ArrowLeft: [60, 0], ArrowRight: [-60, 0], ArrowUp: [0, 60], ArrowDown: [0, -60]};
    map.frame.addEventListener("keydown", (event) => {
      if (event.target !== map.frame || event.altKey || event.ctrlKey || event.metaKey) return;
      if (steps[event.key]) panBy(...steps[event.key], map);
      else if (event.key === "+" || event.key === "=") zoomBy(1.4, map);
      else if (event.key === "-") zoomBy(1 / 1.4, map);
      else if (event.key === "0" || event.key === "Home") home();
      else return;
      event.preventDefault();
      event.stopPropagation();
    });
  }

  function buttons(map) {
    const button = (text, label, act) => element(
      "button", {type: "button", "aria-label": label, title: label, on: {click: act}}, text,
    );
    return element("div", {class: "zoom"},
      button("+", "zoom in", () => zoomBy(1.6, map)),
      button("\u2212", "zoom out", () => zoomBy(1 / 1.6, map)),
      button("\u2302", "the whole map", home));
  }

  /* ---- a map ------------------------------------------------------------------------------- */

  function make(frame) {
    const run = Number(frame.dataset.run);
    const map = {frame, run, scale: 0, room: [], width: 0, height: 0};
    map.ground = svg("g");
    map.over = svg("g");
    map.bar = svg("g", {class: "scale-bar", "aria-hidden": "true"});
    map.svg = svg("svg", {class: "ground-map"}, map.ground, map.over, map.bar);
    map.at = (x, y) => [x * map.scale, y * map.scale];
    frame.replaceChildren(map.svg, buttons(map));
    drawGround(map);
    map.layers = layers.map(({name, make: layer}) => {
      const group = svg("g", {class: `layer ${name}`});
      map.over.append(group);
      return layer(map, group);
    });
    maps.push(map);
    byPointer(map);
    byWheel(map);
    byKeys(map);
    return map;
  }

  function fit(map) {
    map.width = map.frame.clientWidth;
    map.height = map.frame.clientHeight;
    if (map.width === 0) return;
    map.svg.setAttribute("viewBox", `0 0 ${map.width} ${map.height}`);
    map.scale = 0;
    place(map);
  }

  function start() {
    document.querySelectorAll(".map").forEach(make);
    Object.assign(view, {x: ground(0).width / 2, y: ground(0).height / 2});
    maps.forEach((map) => new ResizeObserver(() => fit(map)).observe(map.frame));
    maps.forEach(fit);
    sandtable.on("selection", bringIntoView);
    for (const key of ["day", "rep", "brush"]) sandtable.on(key, () => maps.forEach(update));
  }

  document.addEventListener("DOMContentLoaded", start);

  /* ---- room for words ---------------------------------------------------------------------- */

  const pen = document.createElement("canvas").getContext("2d");

  /* Pixels that a text takes. */
  function widthOf(text, height, bold = false) {
    pen.font = `${bold ? 600 : 400} ${height}px system-ui, sans-serif`;
    return pen.measureText(text).width;
  }

  /* Whether a box touches none of others. */
  function free(box, taken) {
    return !taken.some((other) =>
      box[0] < other[2] && other[0] < box[2] && box[1] < other[3] && other[1] < box[3]);
  }

  return {
    layer: (name, make) => layers.push({name, make}), ground, look, view, maps, widthOf, free,
  };
})();
